package dev.sluice.train;

import dev.sluice.data.ByteDataset;
import dev.sluice.data.Dataset;
import dev.sluice.data.FloatDataset;
import dev.sluice.data.ImageShape;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/// Small datasets, a function of their seed.
final class TestData {
  private TestData() {}

  /// Gaussian clouds, one per class, well apart.
  static FloatDataset clouds(int rows, int features, int classes, long seed) {
    Random centres = new Random(4711);
    float[][] centre = new float[classes][features];
    for (float[] values : centre) {
      for (int feature = 0; feature < features; feature++) {
        values[feature] = (float) centres.nextGaussian();
      }
    }
    Random random = new Random(seed);
    float[] values = new float[rows * features];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = random.nextInt(classes);
      for (int feature = 0; feature < features; feature++) {
        values[row * features + feature] =
            centre[labels[row]][feature] + 0.5f * (float) random.nextGaussian();
      }
    }
    return FloatDataset.classification("clouds", values, features, labels, classes);
  }

  /// Pictures of random bytes, each class with bright pixels of its own in the first half.
  static ByteDataset pictures(int rows, ImageShape shape, int classes, long seed) {
    Random random = new Random(seed);
    int features = shape.features();
    byte[] bytes = new byte[rows * features];
    byte[] labels = new byte[rows];
    random.nextBytes(bytes);
    for (int row = 0; row < rows; row++) {
      int label = random.nextInt(classes);
      labels[row] = (byte) label;
      for (int feature = label; feature < features / 2; feature += classes) {
        bytes[row * features + feature] = (byte) 255;
      }
    }
    return new ByteDataset("pictures", bytes, shape, labels, classes);
  }

  /// `targets` smooth functions of the features.
  static FloatDataset waves(int rows, int features, int targets, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * features];
    float[] targetValues = new float[rows * targets];
    for (int row = 0; row < rows; row++) {
      for (int feature = 0; feature < features; feature++) {
        values[row * features + feature] = (float) random.nextGaussian();
      }
      for (int target = 0; target < targets; target++) {
        float a = values[row * features + target % features];
        float b = values[row * features + (target + 1) % features];
        targetValues[row * targets + target] = (float) Math.sin(a) + 0.5f * b;
      }
    }
    return FloatDataset.regression("waves", values, features, targetValues, targets);
  }

  /// Two independent labels: whether the first and the second feature are positive.
  static FloatDataset signs(int rows, int features, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * features];
    float[] labels = new float[rows * 2];
    for (int row = 0; row < rows; row++) {
      for (int feature = 0; feature < features; feature++) {
        values[row * features + feature] = (float) random.nextGaussian();
      }
      labels[2 * row] = values[row * features] > 0 ? 1 : 0;
      labels[2 * row + 1] = values[row * features + 1] > 0 ? 1 : 0;
    }
    return FloatDataset.regression("signs", values, features, labels, 2);
  }

  /// The same rows, but for one feature of one row.
  static Dataset withFeature(Dataset source, int changedRow, float value) {
    float[] values = new float[source.rows() * source.features()];
    MemorySegment segment = MemorySegment.ofArray(values);
    int[] labels = new int[source.rows()];
    for (int row = 0; row < source.rows(); row++) {
      source.copyFeatures(row, segment, (long) row * source.features() * Float.BYTES);
      labels[row] = source.label(row);
    }
    values[changedRow * source.features()] = value;
    return FloatDataset.classification(
        source.name(), values, source.features(), labels, source.classes());
  }
}
