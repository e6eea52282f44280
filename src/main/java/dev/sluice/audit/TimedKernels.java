package dev.sluice.audit;

import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.OptimizerKernels;
import dev.sluice.kernel.SelectionKernels;
import dev.sluice.kernel.WeightGradKernels;
import dev.sluice.memory.Panels;
import dev.sluice.memory.WeightPrecision;
import java.lang.foreign.MemorySegment;

/// Kernels of single rows whose calls are timed. Batches and training are passed on as they are.
record TimedKernels(Kernels kernels, PartClock clock) implements Kernels {
  @Override
  public String name() {
    return kernels.name();
  }

  @Override
  public int vectorBits() {
    return kernels.vectorBits();
  }

  @Override
  public MatVecKernels matVec(int blockSize, WeightPrecision precision) {
    return new TimedMatVec(kernels.matVec(blockSize, precision), clock);
  }

  @Override
  public ElementwiseKernels elementwise() {
    return new TimedElementwise(kernels.elementwise(), clock);
  }

  @Override
  public SelectionKernels selection() {
    return new TimedSelection(kernels.selection(), clock);
  }

  @Override
  public MatMulKernels matMul(int blockSize, WeightPrecision precision) {
    return kernels.matMul(blockSize, precision);
  }

  @Override
  public WeightGradKernels weightGrad(int blockSize) {
    return kernels.weightGrad(blockSize);
  }

  @Override
  public OptimizerKernels optimizer() {
    return kernels.optimizer();
  }

  private record TimedMatVec(MatVecKernels kernel, PartClock clock) implements MatVecKernels {
    @Override
    public void gatedMatVec(
        Panels w, MemorySegment bias, MemorySegment x, ActiveSet blocks, MemorySegment y) {
      TimePart part = clock.partOf(w);
      long start = System.nanoTime();
      kernel.gatedMatVec(w, bias, x, blocks, y);
      clock.add(part, start);
    }

    @Override
    public void gatedMatVec(
        Panels w,
        MemorySegment bias,
        MemorySegment x,
        ActiveSet inputs,
        ActiveSet blocks,
        MemorySegment y) {
      TimePart part = clock.partOf(w);
      long start = System.nanoTime();
      kernel.gatedMatVec(w, bias, x, inputs, blocks, y);
      clock.add(part, start);
    }
  }

  private record TimedSelection(SelectionKernels kernel, PartClock clock)
      implements SelectionKernels {
    @Override
    public void listNonZeros(MemorySegment x, int count, ActiveSet nonZeros) {
      long start = System.nanoTime();
      kernel.listNonZeros(x, count, nonZeros);
      clock.add(TimePart.ZERO_LISTS, start);
    }

    @Override
    public void listNonZeros(MemorySegment x, ActiveSet among, ActiveSet nonZeros) {
      long start = System.nanoTime();
      kernel.listNonZeros(x, among, nonZeros);
      clock.add(TimePart.ZERO_LISTS, start);
    }
  }

  /// What networks call for a row; the rest belongs to training and is passed on.
  private record TimedElementwise(ElementwiseKernels kernel, PartClock clock)
      implements ElementwiseKernels {
    @Override
    public void activate(
        Activation activation, MemorySegment z, long offsetBytes, int count, MemorySegment y) {
      long start = System.nanoTime();
      kernel.activate(activation, z, offsetBytes, count, y);
      clock.add(TimePart.ACTIVATIONS, start);
    }

    @Override
    public void sigmoid(MemorySegment x, long offsetBytes, int count, MemorySegment y) {
      long start = System.nanoTime();
      kernel.sigmoid(x, offsetBytes, count, y);
      clock.add(TimePart.ACTIVATIONS, start);
    }

    @Override
    public float softmaxInPlace(MemorySegment logits, long offsetBytes, int count) {
      long start = System.nanoTime();
      float logSum = kernel.softmaxInPlace(logits, offsetBytes, count);
      clock.add(TimePart.ACTIVATIONS, start);
      return logSum;
    }

    @Override
    public void addScaled(
        float scale, MemorySegment x, long offsetBytes, int count, MemorySegment y) {
      long start = System.nanoTime();
      kernel.addScaled(scale, x, offsetBytes, count, y);
      clock.add(TimePart.ACTIVATIONS, start);
    }

    @Override
    public void scale(float scale, MemorySegment x, long offsetBytes, int count, MemorySegment y) {
      long start = System.nanoTime();
      kernel.scale(scale, x, offsetBytes, count, y);
      clock.add(TimePart.ACTIVATIONS, start);
    }

    @Override
    public void activationGrad(
        Activation activation,
        MemorySegment dy,
        MemorySegment z,
        MemorySegment y,
        long offsetBytes,
        int count,
        MemorySegment dz) {
      kernel.activationGrad(activation, dy, z, y, offsetBytes, count, dz);
    }

    @Override
    public void exp(MemorySegment x, long offsetBytes, int count, MemorySegment y) {
      kernel.exp(x, offsetBytes, count, y);
    }

    @Override
    public void multiply(
        MemorySegment a, MemorySegment b, long offsetBytes, int count, MemorySegment y) {
      kernel.multiply(a, b, offsetBytes, count, y);
    }

    @Override
    public void fill(float value, MemorySegment y, long offsetBytes, int count) {
      kernel.fill(value, y, offsetBytes, count);
    }

    @Override
    public double sumOfSquares(MemorySegment x, long offsetBytes, int count) {
      return kernel.sumOfSquares(x, offsetBytes, count);
    }
  }
}
