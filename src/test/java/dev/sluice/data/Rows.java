package dev.sluice.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What tests read out of datasets.
final class Rows {
  private Rows() {}

  static float[] features(Dataset dataset, int row) {
    float[] features = new float[dataset.features()];
    dataset.copyFeatures(row, MemorySegment.ofArray(features), 0);
    return features;
  }

  static int[] labels(Dataset dataset) {
    int[] labels = new int[dataset.rows()];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = dataset.label(row);
    }
    return labels;
  }

  static int[] labelCounts(Dataset dataset) {
    int[] counts = new int[dataset.classes()];
    for (int label : labels(dataset)) {
      counts[label]++;
    }
    return counts;
  }

  static float[] floats(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_FLOAT);
  }
}
