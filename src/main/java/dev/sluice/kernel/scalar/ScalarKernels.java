package dev.sluice.kernel.scalar;

import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.OptimizerKernels;
import dev.sluice.kernel.SelectionKernels;
import dev.sluice.kernel.WeightGradKernels;
import dev.sluice.memory.WeightPrecision;

/// All operations as plain loops, whatever the block size.
public final class ScalarKernels implements Kernels {
  private final MatVecKernels matVec = new ScalarMatVec();
  private final MatMulKernels matMul = new ScalarMatMul();
  private final WeightGradKernels weightGrad = new ScalarWeightGrad();
  private final ElementwiseKernels elementwise = new ScalarElementwise();
  private final SelectionKernels selection = new ScalarSelection();
  private final OptimizerKernels optimizer = new ScalarOptimizer();

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public String toString() {
    return name();
  }

  @Override
  public int vectorBits() {
    return Float.SIZE;
  }

  @Override
  public MatVecKernels matVec(int blockSize, WeightPrecision precision) {
    return matVec;
  }

  @Override
  public MatMulKernels matMul(int blockSize, WeightPrecision precision) {
    return matMul;
  }

  @Override
  public WeightGradKernels weightGrad(int blockSize) {
    return weightGrad;
  }

  @Override
  public ElementwiseKernels elementwise() {
    return elementwise;
  }

  @Override
  public SelectionKernels selection() {
    return selection;
  }

  @Override
  public OptimizerKernels optimizer() {
    return optimizer;
  }
}
