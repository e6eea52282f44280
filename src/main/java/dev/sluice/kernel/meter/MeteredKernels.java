package dev.sluice.kernel.meter;

import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.OptimizerKernels;
import dev.sluice.kernel.SelectionKernels;
import dev.sluice.kernel.WeightGradKernels;
import dev.sluice.memory.WeightPrecision;

/// Counted kernels that tell a meter what they came to. Name and width are those of the kernels that were copied, so that callers decide as with these.
///
/// @param counted with counters among their instructions
record MeteredKernels(Kernels counted, FlopMeter meter) implements Kernels {
  @Override
  public String name() {
    return counted.name();
  }

  @Override
  public String toString() {
    return name();
  }

  @Override
  public int vectorBits() {
    return counted.vectorBits();
  }

  @Override
  public MatVecKernels matVec(int blockSize, WeightPrecision precision) {
    boolean endsEmptySums = vectorBits() > Float.SIZE;
    return new MeteredMatVec(counted.matVec(blockSize, precision), endsEmptySums, meter);
  }

  @Override
  public MatMulKernels matMul(int blockSize, WeightPrecision precision) {
    return new MeteredMatMul(counted.matMul(blockSize, precision), meter);
  }

  @Override
  public WeightGradKernels weightGrad(int blockSize) {
    WeightGradKernels gradient = counted.weightGrad(blockSize);
    return (x, dy, groups, block, dw, dbias) -> {
      Metering metering = Metering.begin(meter, dw);
      gradient.weightGrad(x, dy, groups, block, dw, dbias);
      int lanes = dw.layout().blockSize();
      long paddingLanes = Metering.paddingLanes(dw.layout(), block);
      metering.end(lanes, paddingLanes, (long) groups.count(block) * lanes, 0, 0);
    };
  }

  @Override
  public ElementwiseKernels elementwise() {
    return new MeteredElementwise(counted.elementwise(), meter);
  }

  @Override
  public SelectionKernels selection() {
    return counted.selection();
  }

  @Override
  public OptimizerKernels optimizer() {
    return new MeteredOptimizer(counted.optimizer(), meter);
  }
}
