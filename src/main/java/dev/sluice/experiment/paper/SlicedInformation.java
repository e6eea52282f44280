package dev.sluice.experiment.paper;

import dev.sluice.data.Dataset;
import java.util.Arrays;
import java.util.Random;

/// Sliced mutual information of a vector and a label: the mean over random unit directions θ of I(θᵀh; y) in bits (Goldfeld & Greenewald,
/// arXiv 2110.05279).
///
/// I is the plug-in estimate over [#BINS] bins of equally many rows, `Σ p(b,y) log₂(p(b,y)/(p(b)p(y)))`; equal values share the bin of the
/// first of them. It is too large by about `(bins − 1)(classes − 1)/(2 ln 2 · rows)`: 0.010 bits for 10 classes and 10,000 rows, the same for
/// all networks of a table.
final class SlicedInformation {
  static final int BINS = 16;
  static final int DIRECTIONS = 200;

  private SlicedInformation() {}

  /// Of the last hidden layer's open units, on test rows; NaN for networks of several stages, which have no such layer.
  static double ofNetwork(Measured net) {
    if (net.model().spec().isStaged()) {
      return Double.NaN;
    }
    Dataset test = net.test();
    float[] hidden = HiddenValues.open(net.model(), test);
    int[] labels = new int[test.rows()];
    Arrays.setAll(labels, test::label);
    return mean(hidden, labels, test.classes(), DIRECTIONS, BINS, net.seed());
  }

  /// @param values (rows, width), row-major
  /// @param labels (rows), in `[0, classes)`
  static double mean(
      float[] values, int[] labels, int classes, int directions, int bins, long seed) {
    int width = values.length / labels.length;
    Random random = new Random(seed);
    float[] projected = new float[labels.length];
    double sum = 0;
    for (int index = 0; index < directions; index++) {
      double[] direction = direction(width, random);
      for (int row = 0; row < labels.length; row++) {
        double dot = 0;
        for (int unit = 0; unit < width; unit++) {
          dot += direction[unit] * values[row * width + unit];
        }
        projected[row] = (float) dot;
      }
      sum += bits(projected, labels, classes, bins);
    }
    return sum / directions;
  }

  /// Uniform on the sphere.
  static double[] direction(int width, Random random) {
    double[] direction = new double[width];
    double squares = 0;
    for (int index = 0; index < width; index++) {
      direction[index] = random.nextGaussian();
      squares += direction[index] * direction[index];
    }
    double length = Math.sqrt(squares);
    Arrays.setAll(direction, index -> direction[index] / length);
    return direction;
  }

  /// I(x; y) by the plug-in estimate.
  static double bits(float[] x, int[] labels, int classes, int bins) {
    int rows = labels.length;
    int[] binOf = bins(x, bins);
    double[] counts = new double[bins * classes];
    double[] ofBin = new double[bins];
    double[] ofClass = new double[classes];
    for (int row = 0; row < rows; row++) {
      counts[binOf[row] * classes + labels[row]]++;
      ofBin[binOf[row]]++;
      ofClass[labels[row]]++;
    }
    double bits = 0;
    for (int cell = 0; cell < counts.length; cell++) {
      if (counts[cell] > 0) {
        double independent = ofBin[cell / classes] * ofClass[cell % classes] / rows;
        bits +=
            counts[cell] / rows * StrictMath.log(counts[cell] / independent) / StrictMath.log(2);
      }
    }
    return Math.max(0, bits);
  }

  /// The bin of each value: `⌊bins · rank / rows⌋`, its rank the number of smaller values.
  static int[] bins(float[] x, int bins) {
    float[] sorted = x.clone();
    Arrays.sort(sorted);
    int[] binOf = new int[x.length];
    for (int row = 0; row < x.length; row++) {
      long rank = firstIndex(sorted, x[row]);
      binOf[row] = (int) (bins * rank / x.length);
    }
    return binOf;
  }

  /// Of the first element not below `value`.
  private static int firstIndex(float[] sorted, float value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
