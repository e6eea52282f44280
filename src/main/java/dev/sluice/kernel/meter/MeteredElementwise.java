package dev.sluice.kernel.meter;

import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ElementwiseKernels;
import java.lang.foreign.MemorySegment;

/// What is done element by element, metered.
record MeteredElementwise(ElementwiseKernels counted, FlopMeter meter)
    implements ElementwiseKernels {
  @Override
  public void activate(
      Activation activation, MemorySegment z, long offsetBytes, int count, MemorySegment y) {
    long before = OperationCounter.ofThread().flops();
    counted.activate(activation, z, offsetBytes, count, y);
    meter.addSince(before, ElementwiseKind.ACTIVATIONS);
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
    long before = OperationCounter.ofThread().flops();
    counted.activationGrad(activation, dy, z, y, offsetBytes, count, dz);
    meter.addSince(before, ElementwiseKind.ACTIVATION_GRADIENTS);
  }

  @Override
  public void sigmoid(MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    long before = OperationCounter.ofThread().flops();
    counted.sigmoid(x, offsetBytes, count, y);
    meter.addSince(before, ElementwiseKind.PROBABILITIES);
  }

  @Override
  public void exp(MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    long before = OperationCounter.ofThread().flops();
    counted.exp(x, offsetBytes, count, y);
    meter.addSince(before, ElementwiseKind.PROBABILITIES);
  }

  @Override
  public void multiply(
      MemorySegment a, MemorySegment b, long offsetBytes, int count, MemorySegment y) {
    long before = OperationCounter.ofThread().flops();
    counted.multiply(a, b, offsetBytes, count, y);
    meter.addSince(before, ElementwiseKind.FACTORS);
  }

  @Override
  public void addScaled(
      float scale, MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    long before = OperationCounter.ofThread().flops();
    counted.addScaled(scale, x, offsetBytes, count, y);
    meter.addSince(before, ElementwiseKind.FACTORS);
  }

  @Override
  public void scale(float scale, MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    long before = OperationCounter.ofThread().flops();
    counted.scale(scale, x, offsetBytes, count, y);
    meter.addSince(before, ElementwiseKind.FACTORS);
  }

  @Override
  public double sumOfSquares(MemorySegment x, long offsetBytes, int count) {
    long before = OperationCounter.ofThread().flops();
    double sum = counted.sumOfSquares(x, offsetBytes, count);
    meter.addSince(before, ElementwiseKind.NORMS);
    return sum;
  }

  @Override
  public void softmaxInPlace(MemorySegment logits, long offsetBytes, int count) {
    long before = OperationCounter.ofThread().flops();
    counted.softmaxInPlace(logits, offsetBytes, count);
    meter.addSince(before, ElementwiseKind.PROBABILITIES);
  }

  @Override
  public float softmaxAndLogSumInPlace(MemorySegment logits, long offsetBytes, int count) {
    long before = OperationCounter.ofThread().flops();
    float logarithm = counted.softmaxAndLogSumInPlace(logits, offsetBytes, count);
    meter.addSince(before, ElementwiseKind.PROBABILITIES);
    return logarithm;
  }

  /// Executes no operation.
  @Override
  public void fill(float value, MemorySegment y, long offsetBytes, int count) {
    counted.fill(value, y, offsetBytes, count);
  }
}
