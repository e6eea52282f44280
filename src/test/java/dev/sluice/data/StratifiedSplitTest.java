package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StratifiedSplitTest {
  private static final List<String> NAMES = List.of("a", "b", "c");

  /// 50, 33 and 2 rows, interleaved.
  private static int[] labels() {
    return IntStream.range(0, 85).map(row -> row < 2 ? 2 : row % 5 < 2 ? 1 : 0).toArray();
  }

  private static long count(int[] rows, int[] labels, int label) {
    return Arrays.stream(rows).filter(row -> labels[row] == label).count();
  }

  @Test
  void eachClassKeepsItsShareAndEachRowIsInOnePart() {
    int[] labels = labels();
    for (long seed = 0; seed < 20; seed++) {
      StratifiedSplit split = StratifiedSplit.of(labels, NAMES, 0.2, seed);
      for (int label = 0; label < 3; label++) {
        int all = label;
        long rows = Arrays.stream(labels).filter(l -> l == all).count();
        long expected = Math.max(1, Math.round(0.2 * rows));
        assertEquals(expected, count(split.test(), labels, label), "seed " + seed);
      }
      int[] both =
          IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.test()))
              .sorted()
              .toArray();
      assertArrayEquals(IntStream.range(0, labels.length).toArray(), both);
    }
  }

  @Test
  void theSeedAloneDecides() {
    int[] first = StratifiedSplit.of(labels(), NAMES, 0.2, 1).test();
    assertArrayEquals(first, StratifiedSplit.of(labels(), NAMES, 0.2, 1).test());
    assertFalse(Arrays.equals(first, StratifiedSplit.of(labels(), NAMES, 0.2, 2).test()));
  }

  @Test
  void aClassOfOneRowIsNamed() {
    int[] labels = labels();
    labels[1] = 0;
    Complaint.of(
        () -> StratifiedSplit.of(labels, NAMES, 0.2, 1),
        "class too small to hold out a row: class=c, rows=1");
  }
}
