package dev.sluice.model;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Which of a row's features are read, the same for every row: a static gate on the network's inputs. Immutable.
public final class FeatureSelection {
  /// Bounds what a hostile text can make of memory.
  private static final int LARGEST_INDEX = (1 << 24) - 1;

  private static final FeatureSelection ALL = new FeatureSelection(null);

  private final int @org.jspecify.annotations.Nullable [] indices;

  private FeatureSelection(int @org.jspecify.annotations.Nullable [] indices) {
    this.indices = indices;
  }

  public static FeatureSelection all() {
    return ALL;
  }

  /// @param indices strictly ascending, at least one
  public static FeatureSelection of(int... indices) {
    if (indices.length == 0) {
      throw new IllegalArgumentException("feature selection is empty");
    }
    for (int position = 0; position < indices.length; position++) {
      int before = position == 0 ? -1 : indices[position - 1];
      if (indices[position] <= before) {
        throw new IllegalArgumentException(
            "selected features do not ascend: position="
                + position
                + ", index="
                + indices[position]
                + ", before="
                + before);
      }
    }
    return new FeatureSelection(indices.clone());
  }

  public boolean isAll() {
    return indices == null;
  }

  /// Of `features` features.
  public int count(int features) {
    return indices == null ? features : indices.length;
  }

  /// The selected ones of `features` features, ascending.
  public int[] indices(int features) {
    return indices == null ? IntStream.range(0, features).toArray() : indices.clone();
  }

  void requireWithin(int features) {
    if (indices != null && indices[indices.length - 1] >= features) {
      throw new IllegalArgumentException(
          "selected feature is beyond the inputs: index="
              + indices[indices.length - 1]
              + ", inputs="
              + features);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FeatureSelection selection && Arrays.equals(indices, selection.indices);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(indices);
  }

  /// Ranges, ends included: `0-3,7,9-12`; `all`.
  @Override
  public String toString() {
    int[] own = indices;
    if (own == null) {
      return "all";
    }
    return IntStream.range(0, own.length)
        .filter(position -> position == 0 || own[position] != own[position - 1] + 1)
        .mapToObj(position -> rangeFrom(own, position))
        .collect(Collectors.joining(","));
  }

  private static String rangeFrom(int[] indices, int position) {
    int end = position;
    while (end + 1 < indices.length && indices[end + 1] == indices[end] + 1) {
      end++;
    }
    return end == position ? "" + indices[position] : indices[position] + "-" + indices[end];
  }

  /// The inverse of [#toString].
  public static FeatureSelection parse(String text) {
    if (text.equals("all")) {
      return ALL;
    }
    IntStream.Builder found = IntStream.builder();
    int last = -1;
    for (String range : text.split(",", -1)) {
      int hyphen = range.indexOf('-');
      try {
        int from = Integer.parseInt(hyphen < 0 ? range : range.substring(0, hyphen));
        int to = hyphen < 0 ? from : Integer.parseInt(range.substring(hyphen + 1));
        if (from <= last || to < from || to > LARGEST_INDEX) {
          throw new NumberFormatException("not a range after the one before");
        }
        IntStream.rangeClosed(from, to).forEach(found::add);
        last = to;
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "feature selection is not ascending ranges joined by commas: range=" + range, e);
      }
    }
    return of(found.build().toArray());
  }
}
