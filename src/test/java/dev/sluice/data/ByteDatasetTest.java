package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class ByteDatasetTest {
  private static ByteDataset small() {
    return new ByteDataset("small", new byte[] {0, 51, -1, 1, 2, 3}, 3, new byte[] {1, 0}, 2);
  }

  @Test
  void featuresAreUnsignedBytesDividedBy255() {
    assertArrayEquals(new float[] {0, 0.2f, 1}, Rows.features(small(), 0));
    assertArrayEquals(new float[] {1 / 255f, 2 / 255f, 3 / 255f}, Rows.features(small(), 1));
  }

  @Test
  void aRowIsWrittenAtItsOffsetAndNowhereElse() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(20);
      segment.fill((byte) 0x7f);
      small().copyFeatures(0, segment, 5);
      assertEquals(0.2f, segment.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 9));
      assertEquals(0x7f, segment.get(ValueLayout.JAVA_BYTE, 4));
      assertEquals(0x7f, segment.get(ValueLayout.JAVA_BYTE, 17));
    }
  }

  @Test
  void aLabelOutOfRangeIsNamedWithItsRow() {
    DatasetException e =
        assertThrows(
            DatasetException.class,
            () -> new ByteDataset("bad", new byte[3], 1, new byte[] {0, 1, -1}, 10));
    assertEquals("label out of range: row=2, label=255, classes=10", e.getMessage());
  }

  @Test
  void lengthsThatDoNotFitAreRejected() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new ByteDataset("bad", new byte[5], 3, new byte[2], 10));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ByteDataset("bad", new byte[0], 0, new byte[0], 10));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ByteDataset("bad", new byte[3], 3, new byte[1], 257));
  }

  @Test
  void aRowOutOfRangeAndASmallDestinationAreNamed() {
    MemorySegment twoRows = MemorySegment.ofArray(new float[6]);
    assertEquals(
        "row out of range: row=2, rows=2",
        assertThrows(IndexOutOfBoundsException.class, () -> small().copyFeatures(2, twoRows, 0))
            .getMessage());
    assertEquals(
        "destination too small for a row: offsetBytes=16, neededBytes=12, actualBytes=24",
        assertThrows(IllegalArgumentException.class, () -> small().copyFeatures(0, twoRows, 16))
            .getMessage());
    assertThrows(IndexOutOfBoundsException.class, () -> small().label(-1));
  }

  @Test
  void aClassificationSetHasNoTargets() {
    assertEquals(0, small().targets());
    assertThrows(UnsupportedOperationException.class, () -> small().copyTargets(0, new float[1]));
  }

  /// Computed with Python: `sha256(b"u8 2 3 2\n" + bytes([0, 51, 255, 1, 2, 3]) + bytes([1, 0]))`.
  @Test
  void theContentHashIsThatOfHeaderFeaturesAndLabels() {
    assertEquals(
        "8fa5198612cff568c6d1755af10ca90e015501d848a83b0c732d245fae673395", small().contentHash());
  }

  @Test
  void theContentHashDependsOnContentAndShapeAndNotOnTheName() {
    byte[] features = {0, 51, -1, 1, 2, 3};
    ByteDataset renamed = new ByteDataset("other", features, 3, new byte[] {1, 0}, 2);
    assertEquals(small().contentHash(), renamed.contentHash());
    ByteDataset moreClasses = new ByteDataset("small", features, 3, new byte[] {1, 0}, 3);
    assertNotEquals(small().contentHash(), moreClasses.contentHash());
    ByteDataset otherLabel = new ByteDataset("small", features, 3, new byte[] {1, 1}, 2);
    assertNotEquals(small().contentHash(), otherLabel.contentHash());
  }
}
