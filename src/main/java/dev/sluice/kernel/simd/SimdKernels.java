package dev.sluice.kernel.simd;

import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.OptimizerKernels;
import dev.sluice.kernel.SelectionKernels;
import dev.sluice.kernel.WeightGradKernels;
import dev.sluice.memory.WeightPrecision;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// All operations with vectors of one width, or narrower: products take vectors of at most half a block, so that every kernel holds a
/// block as one or several pairs of vectors and needs one form only.
public final class SimdKernels implements Kernels {
  private final int vectorBits;
  private final WidthTemplate<BlocksKernel> blocksMatVec =
      new WidthTemplate<>(BlocksKernel.class, SimdBlocksMatVec.class);
  private final WidthTemplate<BlocksKernel> narrowBlocksMatVec =
      new WidthTemplate<>(BlocksKernel.class, SimdNarrowBlocksMatVec.class);
  private final WidthTemplate<ChunksKernel> chunksMatVec =
      new WidthTemplate<>(ChunksKernel.class, SimdChunksMatVec.class);
  private final WidthTemplate<RowEnds> rowEnds =
      new WidthTemplate<>(RowEnds.class, SimdRowEnds.class);
  private final WidthTemplate<RowTile> rowTile =
      new WidthTemplate<>(RowTile.class, SimdRowTile.class);
  private final WidthTemplate<BatchEnds> batchEnds =
      new WidthTemplate<>(BatchEnds.class, SimdBatchEnds.class);
  private final WidthTemplate<WeightGradKernels> weightGrad =
      new WidthTemplate<>(WeightGradKernels.class, SimdWeightGrad.class);
  private final WidthTemplate<ElementwiseLoops> elementwiseLoops =
      new WidthTemplate<>(ElementwiseLoops.class, SimdElementwiseLoops.class);
  private final WidthTemplate<ExponentialLoops> exponentialLoops =
      new WidthTemplate<>(ExponentialLoops.class, SimdExponentialLoops.class);
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
    WidthTemplate.Shape shape = shape(blockSize, precision, false, false);
    SimdMatVec.Uncut uncut =
        new SimdMatVec.Uncut(blocks(shape), blocks(shape(blockSize, precision, true, false)));
    return new SimdMatVec(uncut, () -> cut(shape));
  }

  /// Vectors as wide as a block, where the machine has them and a stored row is in order.
  private BlocksKernel blocks(WidthTemplate.Shape shape) {
    BlocksKernel pairs = blocksMatVec.instance(shape);
    int blockBits = shape.blockSize() * Float.SIZE;
    if (blockBits > vectorBits || shape.precision() == WeightPrecision.BF16) {
      return pairs;
    }
    WidthTemplate.Shape narrow =
        new WidthTemplate.Shape(
            species(blockBits),
            shape.blockSize(),
            shape.precision(),
            shape.listsInputs(),
            shape.addsSums(),
            1);
    return new NarrowBlocks(narrowBlocksMatVec.instance(narrow), pairs);
  }

  private SimdMatVec.Cut cut(WidthTemplate.Shape shape) {
    return new SimdMatVec.Cut(
        blocksMatVec.instance(shape(shape.blockSize(), shape.precision(), false, true)),
        blocksMatVec.instance(shape(shape.blockSize(), shape.precision(), true, true)),
        chunksMatVec.instance(shape),
        rowEnds.instance(shape));
  }

  @Override
  public MatMulKernels matMul(int blockSize, WeightPrecision precision) {
    WidthTemplate.Shape fresh = shape(blockSize, precision, false, false);
    WidthTemplate.Shape added = shape(blockSize, precision, false, true);
    List<SimdMatMul.Tile> freshTiles = new ArrayList<>();
    // Where sums are added 8 rows are too large a method for C1 (JDK: "out of virtual registers").
    if (hasThirtyTwoRegisters(fresh.floats())) {
      freshTiles.add(tile(8, 7, fresh));
    }
    freshTiles.addAll(smallerTiles(fresh));
    return new SimdMatMul(fresh, freshTiles, smallerTiles(added), batchEnds.instance(fresh));
  }

  private List<SimdMatMul.Tile> smallerTiles(WidthTemplate.Shape shape) {
    List<SimdMatMul.Tile> tiles = new ArrayList<>();
    if (hasThirtyTwoRegisters(shape.floats())) {
      tiles.add(tile(6, 5, shape));
    }
    tiles.add(tile(4, 3, shape));
    tiles.add(tile(2, 2, shape));
    tiles.add(tile(1, 1, shape));
    return tiles;
  }

  private SimdMatMul.Tile tile(int rows, int fewestRows, WidthTemplate.Shape shape) {
    return new SimdMatMul.Tile(rows, fewestRows, rowTile.instance(shape.withCopies(rows)));
  }

  private static boolean hasThirtyTwoRegisters(VectorSpecies<Float> floats) {
    return floats.vectorBitSize() == 512 || System.getProperty("os.arch", "").equals("aarch64");
  }

  @Override
  public WeightGradKernels weightGrad(int blockSize) {
    return weightGrad.instance(blockShape(blockSize).withCopies(SimdWeightGrad.COPIED_INPUTS));
  }

  @Override
  public ElementwiseKernels elementwise() {
    WidthTemplate.Shape shape = WidthTemplate.Shape.of(species(vectorBits), 0);
    return new SimdElementwise(
        elementwiseLoops.instance(shape),
        exponentialLoops.instance(shape),
        shape.floats().vectorByteSize());
  }

  @Override
  public SelectionKernels selection() {
    return selection.instance(WidthTemplate.Shape.of(species(vectorBits), 0));
  }

  @Override
  public OptimizerKernels optimizer() {
    return optimizer.instance(WidthTemplate.Shape.of(species(vectorBits), 0));
  }

  private WidthTemplate.Shape blockShape(int blockSize) {
    return WidthTemplate.Shape.of(floats(blockSize), blockSize);
  }

  private WidthTemplate.Shape shape(
      int blockSize, WeightPrecision precision, boolean listsInputs, boolean addsSums) {
    return new WidthTemplate.Shape(
        floats(blockSize), blockSize, precision, listsInputs, addsSums, 1);
  }

  private VectorSpecies<Float> floats(int blockSize) {
    return species(Math.min(vectorBits, blockSize / 2 * Float.SIZE));
  }

  private static VectorSpecies<Float> species(int bits) {
    return VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
  }
}
