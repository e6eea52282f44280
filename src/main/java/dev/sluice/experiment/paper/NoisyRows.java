package dev.sluice.experiment.paper;

import dev.sluice.data.Dataset;
import dev.sluice.data.ForwardingDataset;
import dev.sluice.experiment.Score;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

/// Rows with normal noise added to their features, not clamped. A row's noise is a function of seed and row.
final class NoisyRows extends ForwardingDataset {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /// Apart from what else a run's seed draws.
  private static final long PURPOSE = 0x6e6f697365L;

  private final double[] deviations;
  private final long seed;

  /// @param deviations of the noise, per feature
  NoisyRows(Dataset rows, double[] deviations, long seed) {
    super(rows);
    this.deviations = deviations;
    this.seed = seed;
  }

  /// Accuracy on test rows under noise of deviation `share` times the range of features in the training rows.
  static double accuracy(Measured net, double share) {
    double[] deviations =
        Arrays.stream(ranges(net.training())).map(range -> share * range).toArray();
    return Score.of(net.model(), new NoisyRows(net.test(), deviations, net.seed())).accuracy();
  }

  /// Largest less smallest value per feature. Pixels have one range, that of all: a border that is always black can be noisy too.
  static double[] ranges(Dataset rows) {
    float[] smallest = new float[rows.features()];
    float[] largest = new float[rows.features()];
    Arrays.fill(smallest, Float.POSITIVE_INFINITY);
    Arrays.fill(largest, Float.NEGATIVE_INFINITY);
    float[] features = new float[rows.features()];
    for (int row = 0; row < rows.rows(); row++) {
      rows.copyFeatures(row, MemorySegment.ofArray(features), 0);
      for (int feature = 0; feature < features.length; feature++) {
        smallest[feature] = Math.min(smallest[feature], features[feature]);
        largest[feature] = Math.max(largest[feature], features[feature]);
      }
    }
    if (rows.imageShape().isPresent()) {
      Arrays.sort(smallest);
      Arrays.sort(largest);
      Arrays.fill(smallest, smallest[0]);
      Arrays.fill(largest, largest[largest.length - 1]);
    }
    double[] ranges = new double[rows.features()];
    Arrays.setAll(ranges, feature -> (double) largest[feature] - smallest[feature]);
    return ranges;
  }

  @Override
  public void copyFeatures(int row, MemorySegment destination, long offsetBytes) {
    source.copyFeatures(row, destination, offsetBytes);
    Random random = new Random((seed + PURPOSE) * 0x9e3779b97f4a7c15L + row);
    for (int feature = 0; feature < deviations.length; feature++) {
      long at = offsetBytes + (long) feature * Float.BYTES;
      double noise = deviations[feature] * random.nextGaussian();
      destination.set(FLOAT, at, (float) (destination.get(FLOAT, at) + noise));
    }
  }

  @Override
  public String name() {
    return source.name() + "/noisy";
  }

  /// Noise is no stored content.
  @Override
  public String contentHash() {
    throw new UnsupportedOperationException("noisy rows have no content hash: name=" + name());
  }
}
