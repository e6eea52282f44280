package dev.sluice.experiment.paper;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlicedInformationTest {
  @Test
  void binsHoldEquallyManyRowsAndEqualValuesShareOne() {
    assertArrayEquals(new int[] {0, 1, 2, 3}, SlicedInformation.bins(new float[] {-1, 0, 7, 9}, 4));
    // ranks 2, 0, 0, 3: two rows have no smaller value
    assertArrayEquals(new int[] {1, 0, 0, 1}, SlicedInformation.bins(new float[] {5, 1, 1, 9}, 2));
    // ranks 1, 1, 1, 0 of 4 in 4 bins
    assertArrayEquals(new int[] {1, 1, 1, 0}, SlicedInformation.bins(new float[] {3, 3, 3, 2}, 4));
  }

  @Test
  void informationIsThatOfTheTableOfBinsAndLabels() {
    float[] x = {1, 2, 3, 4};
    assertEquals(1, SlicedInformation.bits(x, new int[] {0, 0, 1, 1}, 2, 2), 1e-12);
    assertEquals(0, SlicedInformation.bits(x, new int[] {0, 1, 0, 1}, 2, 2), 1e-12);
    assertEquals(2, SlicedInformation.bits(x, new int[] {2, 0, 3, 1}, 4, 4), 1e-12);
    // cells (0,0) 2, (1,0) 1, (1,1) 1 of 4: ½·log₂(4/3) + ¼·log₂(2/3) + ¼·log₂ 2
    assertEquals(0.311278124459, SlicedInformation.bits(x, new int[] {0, 0, 0, 1}, 2, 2), 1e-11);
  }

  @Test
  void ofAVectorItIsTheMeanOverDirections() {
    // in one dimension directions are 1 and −1, which see the same
    float[] line = {1, 2, 3, 4};
    assertEquals(1, SlicedInformation.mean(line, new int[] {0, 0, 1, 1}, 2, 7, 2, 3), 1e-12);
    // labels depend on the first of two coordinates: no direction but its own sees all of it
    float[] plane = new float[2000];
    int[] labels = new int[1000];
    Random random = new Random(5);
    for (int row = 0; row < labels.length; row++) {
      plane[2 * row] = (float) random.nextGaussian();
      plane[2 * row + 1] = (float) random.nextGaussian();
      labels[row] = plane[2 * row] > 0 ? 1 : 0;
    }
    double both = SlicedInformation.mean(plane, labels, 2, 50, 16, 1);
    assertTrue(both > 0.2 && both < 0.8, "bits=" + both);
    assertEquals(both, SlicedInformation.mean(plane, labels, 2, 50, 16, 1));
    assertNotEquals(both, SlicedInformation.mean(plane, labels, 2, 50, 16, 2));
  }

  @Test
  void directionsHaveLengthOne() {
    double[] direction = SlicedInformation.direction(17, new Random(2));
    assertEquals(1, Arrays.stream(direction).map(value -> value * value).sum(), 1e-12);
  }

  @Test
  void biasIsThatOfItsJavadoc() {
    int rows = 2000;
    Random random = new Random(11);
    float[] x = new float[rows];
    int[] labels = new int[rows];
    double sum = 0;
    for (int round = 0; round < 40; round++) {
      for (int row = 0; row < rows; row++) {
        x[row] = random.nextFloat();
        labels[row] = random.nextInt(10);
      }
      sum += SlicedInformation.bits(x, labels, 10, SlicedInformation.BINS);
    }
    double expected = (SlicedInformation.BINS - 1) * 9 / (2 * Math.log(2) * rows);
    assertEquals(expected, sum / 40, 0.1 * expected);
  }
}
