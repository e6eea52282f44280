package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class FloatDatasetTest {
  private static final float[] VALUES = {1, -2, Float.NaN, Float.POSITIVE_INFINITY};

  @Test
  void featuresArePassedOnBitForBitNanAndInfinityIncluded() {
    FloatDataset dataset =
        FloatDataset.classification("odd", VALUES.clone(), 2, new int[] {0, 1}, 2);
    MemorySegment destination = MemorySegment.ofArray(new float[5]);
    dataset.copyFeatures(1, destination, 8);
    assertArrayEquals(
        new float[] {0, 0, Float.NaN, Float.POSITIVE_INFINITY, 0}, Rows.floats(destination));
  }

  @Test
  void regressionRowsHaveTargetsOfTheirWidth() {
    FloatDataset dataset =
        FloatDataset.regression("curve", new float[] {1, 2}, 1, new float[] {3, 4, 5, 6}, 2);
    float[] targets = {9, 9, 9};
    dataset.copyTargets(1, targets);
    assertArrayEquals(new float[] {5, 6, 9}, targets);
    assertEquals(0, dataset.classes());
    assertThrows(UnsupportedOperationException.class, () -> dataset.label(0));
    assertEquals(
        "destination too small for targets: needed=2, actual=1",
        assertThrows(IllegalArgumentException.class, () -> dataset.copyTargets(0, new float[1]))
            .getMessage());
  }

  @Test
  void labelsAndLengthsAreChecked() {
    assertEquals(
        "label out of range: row=1, label=-1, classes=2",
        assertThrows(
                DatasetException.class,
                () -> FloatDataset.classification("bad", new float[2], 1, new int[] {0, -1}, 2))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> FloatDataset.classification("bad", new float[3], 2, new int[1], 2));
    assertThrows(
        IllegalArgumentException.class,
        () -> FloatDataset.classification("bad", new float[4], 2, new int[1], 2));
    assertThrows(
        IllegalArgumentException.class,
        () -> FloatDataset.regression("bad", new float[4], 2, new float[3], 2));
  }

  /// Computed with Python: `sha256(b"f32 2 2 2 0\n" + struct.pack("<4f", 1, -2, 0.5, 4) +
  /// struct.pack("<2i", 0, 1))`.
  @Test
  void theContentHashIsThatOfLittleEndianArrays() {
    FloatDataset dataset =
        FloatDataset.classification("plain", new float[] {1, -2, 0.5f, 4}, 2, new int[] {0, 1}, 2);
    assertEquals(
        "01dbb5bf0688c00c975ebb6fa11f3929ad5fd7146facb2b8b6c27a9fa867b23c", dataset.contentHash());
  }

  /// More values than one chunk of the hash's buffer, so that a chunk that is not the first is
  /// covered.
  @Test
  void theContentHashSeesTheLastOfManyValues() {
    float[] values = new float[10_000];
    FloatDataset zeros = FloatDataset.regression("zeros", values.clone(), 100, new float[100], 1);
    values[9_999] = 1;
    FloatDataset changed = FloatDataset.regression("zeros", values, 100, new float[100], 1);
    assertEquals(false, zeros.contentHash().equals(changed.contentHash()));
  }
}
