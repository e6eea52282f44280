package dev.sluice.kernel.simd;

import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.OptimizerKernels;
import dev.sluice.kernel.SelectionKernels;
import dev.sluice.kernel.WeightGradKernels;
import dev.sluice.memory.WeightPrecision;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// All operations with vectors of one width, or narrower: products take vectors of at most half a block, so that every kernel holds a
/// block as one or several pairs of vectors and needs one form only.
public final class SimdKernels implements Kernels {
  private final int vectorBits;
  private final WidthTemplate<MatVecKernels> matVec =
      new WidthTemplate<>(MatVecKernels.class, SimdMatVec.class);
  private final WidthTemplate<MatMulKernels> matMul =
      new WidthTemplate<>(MatMulKernels.class, SimdMatMul.class);
  private final WidthTemplate<WeightGradKernels> weightGrad =
      new WidthTemplate<>(WeightGradKernels.class, SimdWeightGrad.class);
  private final WidthTemplate<ElementwiseKernels> elementwise =
      new WidthTemplate<>(ElementwiseKernels.class, SimdElementwise.class);
  private final WidthTemplate<SelectionKernels> selection =
      new WidthTemplate<>(SelectionKernels.class, SimdSelection.class);
  private final WidthTemplate<OptimizerKernels> optimizer =
      new WidthTemplate<>(OptimizerKernels.class, SimdOptimizer.class);

  private SimdKernels(int vectorBits) {
    this.vectorBits = vectorBits;
  }

  /// @param vectorBits 128, 256 or 512, at most [#preferredVectorBits]
  public static SimdKernels create(int vectorBits) {
    if (vectorBits != 128 && vectorBits != 256 && vectorBits != 512) {
      throw new IllegalArgumentException(
          "vector width is not one of 128, 256, 512: vectorBits=" + vectorBits);
    }
    if (vectorBits > preferredVectorBits()) {
      throw new IllegalArgumentException(
          "vector width exceeds the machine's: vectorBits="
              + vectorBits
              + ", widest="
              + preferredVectorBits());
    }
    return new SimdKernels(vectorBits);
  }

  /// The widest vectors of f32 that this machine runs well, at most 512 bits.
  public static int preferredVectorBits() {
    return Math.min(512, FloatVector.SPECIES_PREFERRED.vectorBitSize());
  }

  @Override
  public String name() {
    return "simd-" + vectorBits;
  }

  @Override
  public String toString() {
    return name();
  }

  @Override
  public int vectorBits() {
    return vectorBits;
  }

  @Override
  public MatVecKernels matVec(int blockSize, WeightPrecision precision) {
    requireF32(precision);
    return matVec.instance(blockShape(blockSize));
  }

  @Override
  public MatMulKernels matMul(int blockSize, WeightPrecision precision) {
    requireF32(precision);
    return matMul.instance(blockShape(blockSize));
  }

  @Override
  public WeightGradKernels weightGrad(int blockSize) {
    return weightGrad.instance(blockShape(blockSize));
  }

  @Override
  public ElementwiseKernels elementwise() {
    return elementwise.instance(shape(vectorBits, 0));
  }

  @Override
  public SelectionKernels selection() {
    return selection.instance(shape(vectorBits, 0));
  }

  @Override
  public OptimizerKernels optimizer() {
    return optimizer.instance(shape(vectorBits, 0));
  }

  private static void requireF32(WeightPrecision precision) {
    if (precision != WeightPrecision.F32) {
      throw new IllegalArgumentException("no kernels for this precision: precision=" + precision);
    }
  }

  private WidthTemplate.Shape blockShape(int blockSize) {
    return shape(Math.min(vectorBits, blockSize / 2 * Float.SIZE), blockSize);
  }

  private static WidthTemplate.Shape shape(int bits, int blockSize) {
    VectorSpecies<Float> species = VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
    return new WidthTemplate.Shape(species, blockSize);
  }
}
