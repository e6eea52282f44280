package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.data.ImageShape;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.model.FeatureSelection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Which features an early stage should read.
public final class FeatureRanking {
  private FeatureRanking() {}

  /// The `count` features of largest standard deviation over all rows, of equal ones the first: what never changes tells nothing. A feature
  /// with a NaN or an infinity in it comes last.
  ///
  /// @throws IllegalArgumentException if there are not so many features
  public static FeatureSelection largestDeviation(Dataset rows, int count) {
    if (count < 1 || count > rows.features()) {
      throw new IllegalArgumentException(
          "selected features out of range: count=" + count + ", features=" + rows.features());
    }
    double[] variances = variances(rows);
    int[] selected =
        IntStream.range(0, variances.length)
            .boxed()
            .sorted(Comparator.comparingDouble(feature -> -variances[feature]))
            .limit(count)
            .mapToInt(Integer::intValue)
            .sorted()
            .toArray();
    return count == rows.features() ? FeatureSelection.all() : FeatureSelection.of(selected);
  }

  /// By Welford's recurrence, rows in ascending order.
  private static double[] variances(Dataset rows) {
    int features = rows.features();
    double[] means = new double[features];
    double[] squares = new double[features];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment values = arena.allocate((long) features * Float.BYTES, Long.BYTES);
      for (int row = 0; row < rows.rows(); row++) {
        rows.copyFeatures(row, values, 0);
        for (int feature = 0; feature < features; feature++) {
          double value = values.get(AlignedMemory.FLOAT, (long) feature * Float.BYTES);
          double before = value - means[feature];
          means[feature] += before / (row + 1);
          squares[feature] += before * (value - means[feature]);
        }
      }
    }
    return Arrays.stream(squares).map(sum -> Double.isFinite(sum) ? sum : -1).toArray();
  }

  /// The pixels of every `step`-th line and column of every plane, beginning in the middle of the first `step`.
  ///
  /// @throws IllegalArgumentException if nothing would be left
  public static FeatureSelection grid(ImageShape shape, int step) {
    int first = (step - 1) / 2;
    if (step < 1 || first >= Math.min(shape.height(), shape.width())) {
      throw new IllegalArgumentException(
          "grid step out of range: step=" + step + ", shape=" + shape);
    }
    IntStream.Builder pixels = IntStream.builder();
    for (int plane = 0; plane < shape.channels(); plane++) {
      for (int y = first; y < shape.height(); y += step) {
        for (int x = first; x < shape.width(); x += step) {
          pixels.add((plane * shape.height() + y) * shape.width() + x);
        }
      }
    }
    return step == 1 ? FeatureSelection.all() : FeatureSelection.of(pixels.build().toArray());
  }

  /// `all`; a number of features, see [#largestDeviation]; `grid:STEP`, see [#grid].
  ///
  /// @throws IllegalArgumentException if the text is none of these, or does not fit the rows
  public static FeatureSelection parse(String text, Dataset rows) {
    if (text.equals("all")) {
      return FeatureSelection.all();
    }
    boolean isGrid = text.startsWith("grid:");
    int number;
    try {
      number = Integer.parseInt(isGrid ? text.substring("grid:".length()) : text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "features of a stage are not understood: text=" + text + ", known=all, 400, grid:2", e);
    }
    if (!isGrid) {
      return largestDeviation(rows, number);
    }
    ImageShape shape =
        rows.imageShape()
            .orElseThrow(
                () -> new IllegalArgumentException("a grid needs pictures: data=" + rows.name()));
    return grid(shape, number);
  }
}
