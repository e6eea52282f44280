package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SplitsTest {
  private static ByteDataset numbered(int rows) {
    byte[] features = new byte[2 * rows];
    for (int row = 0; row < rows; row++) {
      features[2 * row] = (byte) (row >> 8);
      features[2 * row + 1] = (byte) row;
    }
    byte[] labels = new byte[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = (byte) (row % 7);
    }
    return new ByteDataset("numbered", features, 2, labels, 7);
  }

  @Test
  void partsAreDisjointAndTogetherHoldEveryRowOnce() {
    SplitMix64 random = new SplitMix64(20_251_121);
    for (int round = 0; round < 50; round++) {
      int rows = 2 + random.nextInt(500);
      int count = 1 + random.nextInt(rows - 1);
      long seed = random.nextLong();
      Splits.Parts parts = Splits.validation(numbered(rows), count, seed);
      String replay = "rows=" + rows + ", count=" + count + ", seed=" + seed;
      assertEquals(count, parts.validation().rows(), replay);
      assertEquals(rows - count, parts.train().rows(), replay);
      Set<Integer> seen = new HashSet<>();
      for (DatasetView part : new DatasetView[] {parts.train(), parts.validation()}) {
        for (int row = 0; row < part.rows(); row++) {
          assertTrue(seen.add(part.sourceRow(row)), replay);
        }
      }
      assertEquals(rows, seen.size(), replay);
    }
  }

  @Test
  void aViewShowsFeaturesAndLabelsOfItsSourceRows() {
    ByteDataset dataset = numbered(300);
    DatasetView view = Splits.validation(dataset, 0.1, 7).validation();
    assertEquals(30, view.rows());
    for (int row = 0; row < view.rows(); row++) {
      int source = view.sourceRow(row);
      assertArrayEquals(Rows.features(dataset, source), Rows.features(view, row));
      assertEquals(source % 7, view.label(row));
    }
  }

  @Test
  void theSameSeedGivesTheSamePartsAndAnotherSeedOthers() {
    String first = Splits.validation(numbered(400), 0.25, 3).validation().contentHash();
    assertEquals(first, Splits.validation(numbered(400), 100, 3).validation().contentHash());
    assertNotEquals(first, Splits.validation(numbered(400), 100, 4).validation().contentHash());
  }

  /// Golden: a changed permutation would silently change every validation figure.
  @Test
  void thePermutationOfASeedNeverChanges() {
    assertArrayEquals(new int[] {9, 7, 11, 5, 4, 10, 6, 0, 3, 2, 1, 8}, Splits.permutation(12, 42));
    assertArrayEquals(new int[] {0}, Splits.permutation(1, 42));
  }

  @Test
  void everyRowIsHeldOutAboutEquallyOften() {
    int[] counts = new int[20];
    for (int seed = 0; seed < 4000; seed++) {
      counts[Splits.permutation(20, seed)[0]]++;
    }
    // 200 expected, standard deviation 13.8: five of them.
    assertTrue(Arrays.stream(counts).min().orElseThrow() > 131, Arrays.toString(counts));
    assertTrue(Arrays.stream(counts).max().orElseThrow() < 269, Arrays.toString(counts));
  }

  @Test
  void aShareOrCountThatLeavesAPartEmptyIsRejected() {
    ByteDataset dataset = numbered(10);
    assertThrows(IllegalArgumentException.class, () -> Splits.validation(dataset, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> Splits.validation(dataset, 10, 1));
    assertThrows(IllegalArgumentException.class, () -> Splits.validation(dataset, 1.0, 1));
    assertThrows(IllegalArgumentException.class, () -> Splits.validation(dataset, Double.NaN, 1));
    assertEquals(1, Splits.validation(dataset, 0.001, 1).validation().rows());
    assertEquals(1, Splits.validation(dataset, 0.999, 1).train().rows());
  }

  @Test
  void viewsCheckTheirRows() {
    ByteDataset dataset = numbered(10);
    assertEquals(9, DatasetView.range("tail", dataset, 7, 3).sourceRow(2));
    assertThrows(IndexOutOfBoundsException.class, () -> DatasetView.range("tail", dataset, 8, 3));
    assertThrows(
        IndexOutOfBoundsException.class, () -> DatasetView.of("odd", dataset, new int[] {1, 10}));
    DatasetView view = DatasetView.of("twice", dataset, new int[] {4, 4});
    assertThrows(IndexOutOfBoundsException.class, () -> view.label(2));
    assertEquals(view.label(0), view.label(1));
    assertFalse(view.schema().isPresent());
  }
}
