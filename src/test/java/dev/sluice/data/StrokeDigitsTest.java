package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StrokeDigitsTest {
  /// Golden: the same bytes on every platform and in every version, or published figures stop being
  /// reproducible.
  @Test
  void theRowsOfASeedNeverChange() {
    assertEquals(
        "fcce033f754dfe51a44734e876a942ac1d8fb77da88bbad60a2a7d62af088e6c",
        StrokeDigits.generate(1000, 42).contentHash());
    assertEquals(
        "0d6fb174c0fac59efdc4bc322ad2c646730aef0e458f439774bfe120c4d82f7e",
        StrokeDigits.generateTest(1000, 42).contentHash());
  }

  @Test
  void aRowDependsOnSeedAndIndexAlone() {
    ByteDataset longer = StrokeDigits.generate(50, 5);
    ByteDataset shorter = StrokeDigits.generate(20, 5);
    for (int row = 0; row < 20; row++) {
      assertArrayEquals(longer.rowBytes(row), shorter.rowBytes(row), "row=" + row);
      assertEquals(longer.label(row), shorter.label(row), "row=" + row);
    }
    assertNotEquals(shorter.contentHash(), StrokeDigits.generate(20, 6).contentHash());
  }

  @Test
  void noPictureComesTwiceInTrainAndTest() {
    Set<String> seen = new HashSet<>();
    for (ByteDataset part :
        new ByteDataset[] {StrokeDigits.generate(3000, 1), StrokeDigits.generateTest(3000, 1)}) {
      for (int row = 0; row < part.rows(); row++) {
        assertTrue(seen.add(Arrays.toString(part.rowBytes(row))), "row=" + row);
      }
    }
  }

  @Test
  void classesAreAboutEquallyFrequent() {
    int[] counts = Rows.labelCounts(StrokeDigits.generate(10_000, 8));
    // 1000 expected, standard deviation 30: five of them.
    for (int count : counts) {
      assertTrue(count > 850 && count < 1150, Arrays.toString(counts));
    }
  }

  @Test
  void everyPictureHasInkInTheMiddleAndLittleAtTheRim() {
    ByteDataset digits = StrokeDigits.generate(500, 3);
    for (int row = 0; row < digits.rows(); row++) {
      float[] pixels = Rows.features(digits, row);
      int inked = 0;
      int rim = 0;
      for (int pixel = 0; pixel < pixels.length; pixel++) {
        int x = pixel % StrokeDigits.SIZE;
        int y = pixel / StrokeDigits.SIZE;
        boolean dark = pixels[pixel] > 0.35f;
        inked += dark ? 1 : 0;
        rim += dark && (x == 0 || y == 0 || x == 27 || y == 27) ? 1 : 0;
      }
      assertTrue(inked >= 10 && inked <= 330, "row=" + row + ", inked=" + inked);
      assertTrue(rim <= 14, "row=" + row + ", rim=" + rim);
    }
  }

  /// Mean pictures as a classifier: far better than chance, so labels and pictures belong together,
  /// and far from perfect, so there is something to learn.
  @Test
  void meanPicturesClassifyManyRowsButNotAll() {
    ByteDataset train = StrokeDigits.generate(4000, 11);
    ByteDataset test = StrokeDigits.generateTest(1000, 11);
    double[][] means = means(train);
    int correct = 0;
    for (int row = 0; row < test.rows(); row++) {
      correct += nearest(means, Rows.features(test, row)) == test.label(row) ? 1 : 0;
    }
    assertTrue(correct > 550 && correct < 900, "correct=" + correct);
  }

  private static double[][] means(ByteDataset dataset) {
    double[][] means = new double[StrokeDigits.CLASSES][StrokeDigits.FEATURES];
    int[] counts = Rows.labelCounts(dataset);
    for (int row = 0; row < dataset.rows(); row++) {
      float[] features = Rows.features(dataset, row);
      int label = dataset.label(row);
      for (int k = 0; k < features.length; k++) {
        means[label][k] += features[k] / counts[label];
      }
    }
    return means;
  }

  private static int nearest(double[][] means, float[] features) {
    int best = 0;
    double bestDistance = Double.MAX_VALUE;
    for (int digit = 0; digit < means.length; digit++) {
      double distance = 0;
      for (int k = 0; k < features.length; k++) {
        double difference = means[digit][k] - features[k];
        distance += difference * difference;
      }
      if (distance < bestDistance) {
        bestDistance = distance;
        best = digit;
      }
    }
    return best;
  }

  @Test
  void rowsOutOfRangeAreRejected() {
    assertThrows(IllegalArgumentException.class, () -> StrokeDigits.generate(0, 1));
    assertThrows(IllegalArgumentException.class, () -> StrokeDigits.generate(1_000_001, 1));
  }
}
