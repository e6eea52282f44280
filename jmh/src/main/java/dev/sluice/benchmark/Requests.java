package dev.sluice.benchmark;

import dev.sluice.data.Dataset;
import java.lang.foreign.MemorySegment;

/// Batches to be answered in a cycle: more rows than a branch predictor or a first-level cache remembers, so that a gate meets new
/// rows as it does in service.
final class Requests {
  static final int ROWS = 1024;

  private final float[][] batches;
  private int next;

  private Requests(float[][] batches) {
    this.batches = batches;
  }

  /// Normal values: nearly no zeros, which would favour whoever skips them.
  static Requests random(int features, int batch, RandomValues random) {
    float[][] batches = new float[Math.max(1, ROWS / batch)][];
    for (int index = 0; index < batches.length; index++) {
      batches[index] = random.normal(batch * features);
    }
    return new Requests(batches);
  }

  /// The first rows of `dataset`, one by one.
  static Requests rowsOf(Dataset dataset) {
    return rowsOf(dataset, dataset.features(), 1);
  }

  /// The first rows of `dataset`, in batches.
  static Requests rowsOf(Dataset dataset, int features, int batch) {
    if (dataset.features() != features) {
      throw new IllegalArgumentException(
          "rows do not fit the network: expected=" + features + ", actual=" + dataset.features());
    }
    float[][] batches = new float[Math.max(1, Math.min(ROWS, dataset.rows()) / batch)][];
    for (int index = 0; index < batches.length; index++) {
      batches[index] = new float[batch * features];
      MemorySegment rows = MemorySegment.ofArray(batches[index]);
      for (int row = 0; row < batch; row++) {
        long offsetBytes = (long) row * features * Float.BYTES;
        dataset.copyFeatures(index * batch + row, rows, offsetBytes);
      }
    }
    return new Requests(batches);
  }

  static Requests of(float[][] batches) {
    return new Requests(batches);
  }

  int count() {
    return batches.length;
  }

  float[] get(int index) {
    return batches[index];
  }

  /// Moves on to the next batch and returns its index.
  int advance() {
    next = next + 1 == batches.length ? 0 : next + 1;
    return next;
  }
}
