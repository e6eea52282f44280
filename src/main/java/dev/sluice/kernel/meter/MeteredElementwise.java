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
    meter.run(
        ElementwiseKind.ACTIVATIONS, () -> counted.activate(activation, z, offsetBytes, count, y));
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
    meter.run(
        ElementwiseKind.ACTIVATION_GRADIENTS,
        () -> counted.activationGrad(activation, dy, z, y, offsetBytes, count, dz));
  }

  @Override
  public void sigmoid(MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    meter.run(ElementwiseKind.PROBABILITIES, () -> counted.sigmoid(x, offsetBytes, count, y));
  }

  @Override
  public void exp(MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    meter.run(ElementwiseKind.PROBABILITIES, () -> counted.exp(x, offsetBytes, count, y));
  }

  @Override
  public void multiply(
      MemorySegment a, MemorySegment b, long offsetBytes, int count, MemorySegment y) {
    meter.run(ElementwiseKind.FACTORS, () -> counted.multiply(a, b, offsetBytes, count, y));
  }

  @Override
  public void addScaled(
      float scale, MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    meter.run(ElementwiseKind.FACTORS, () -> counted.addScaled(scale, x, offsetBytes, count, y));
  }

  @Override
  public void scale(float scale, MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    meter.run(ElementwiseKind.FACTORS, () -> counted.scale(scale, x, offsetBytes, count, y));
  }

  @Override
  public double sumOfSquares(MemorySegment x, long offsetBytes, int count) {
    return meter.get(ElementwiseKind.NORMS, () -> counted.sumOfSquares(x, offsetBytes, count));
  }

  @Override
  public void softmaxInPlace(MemorySegment logits, long offsetBytes, int count) {
    meter.run(
        ElementwiseKind.PROBABILITIES, () -> counted.softmaxInPlace(logits, offsetBytes, count));
  }

  @Override
  public float softmaxAndLogSumInPlace(MemorySegment logits, long offsetBytes, int count) {
    return meter.get(
        ElementwiseKind.PROBABILITIES,
        () -> counted.softmaxAndLogSumInPlace(logits, offsetBytes, count));
  }

  /// Executes no operation.
  @Override
  public void fill(float value, MemorySegment y, long offsetBytes, int count) {
    counted.fill(value, y, offsetBytes, count);
  }
}
