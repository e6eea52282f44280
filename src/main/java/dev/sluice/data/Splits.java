package dev.sluice.data;

import java.util.Arrays;

/// Seeded, reproducible parts of a dataset.
public final class Splits {
  /// Disjoint parts that together hold every row once, each in the order of the source.
  public record Parts(DatasetView train, DatasetView validation) {}

  private Splits() {}

  /// Holds out `⌊share · rows⌉` rows, but leaves at least one row in each part.
  ///
  /// @param share in `(0, 1)`
  public static Parts validation(Dataset dataset, double share, long seed) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "validation share out of range: share=" + share + ", expected=0..1");
    }
    int count = (int) Math.rint(share * dataset.rows());
    return validation(dataset, Math.clamp(count, 1, Math.max(1, dataset.rows() - 1)), seed);
  }

  /// Holds out `count` rows, the first of a permutation that depends on `seed` and the number of
  /// rows alone.
  public static Parts validation(Dataset dataset, int count, long seed) {
    int rows = dataset.rows();
    if (count < 1 || count >= rows) {
      throw new IllegalArgumentException(
          "validation rows out of range: count=" + count + ", rows=" + rows);
    }
    int[] order = permutation(rows, seed);
    return new Parts(
        part(dataset, "fit", order, count, rows), part(dataset, "validation", order, 0, count));
  }

  private static DatasetView part(Dataset dataset, String suffix, int[] order, int from, int to) {
    int[] rows = Arrays.copyOfRange(order, from, to);
    Arrays.sort(rows);
    return DatasetView.of(dataset.name() + "/" + suffix, dataset, rows);
  }

  /// Fisher–Yates shuffle of `0 … count − 1`, the same for a seed on every platform.
  public static int[] permutation(int count, long seed) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    SplitMix64 random = new SplitMix64(seed);
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
