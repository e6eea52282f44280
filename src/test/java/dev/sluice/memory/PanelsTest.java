package dev.sluice.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PanelsTest {
  @ParameterizedTest
  @EnumSource(WeightPrecision.class)
  void everyWeightHasAPlaceOfItsOwnInsideTheRowOfItsInput(WeightPrecision precision) {
    for (int blockSize = 8; blockSize <= 64; blockSize *= 2) {
      PanelLayout layout = new PanelLayout(2 * blockSize - 3, 7, blockSize, precision);
      Set<Long> places = new HashSet<>();
      for (int unit = 0; unit < layout.paddedUnits(); unit++) {
        for (int input = 0; input < layout.storedInputs(); input++) {
          long place = layout.weightOffsetBytes(unit, input);
          long row =
              layout.panelOffsetBytes(unit / blockSize) + (long) input * layout.inputStrideBytes();
          assertTrue(place >= row && place < row + layout.inputStrideBytes());
          assertEquals(0, place % precision.elementBytes());
          places.add(place);
        }
      }
      assertEquals(layout.totalBytes(), (long) places.size() * precision.elementBytes());
    }
  }

  @Test
  void lanesOfBf16LieBesideTheirPartnersHalfABlockAwayAndOthersInOrder() {
    for (int blockSize = 8; blockSize <= 64; blockSize *= 2) {
      PanelLayout layout = new PanelLayout(blockSize, 3, blockSize, WeightPrecision.BF16);
      for (int lane = 0; lane < blockSize / 2; lane++) {
        long lower = layout.weightOffsetBytes(lane, 2);
        assertEquals(2L * lane * Short.BYTES, lower - layout.weightOffsetBytes(0, 2));
        assertEquals(Short.BYTES, layout.weightOffsetBytes(lane + blockSize / 2, 2) - lower);
      }
      for (WeightPrecision precision :
          new WeightPrecision[] {WeightPrecision.F32, WeightPrecision.INT8}) {
        PanelLayout ordered = layout.withPrecision(precision);
        for (int lane = 0; lane < blockSize; lane++) {
          assertEquals(
              (long) lane * precision.elementBytes(),
              ordered.weightOffsetBytes(lane, 2) - ordered.weightOffsetBytes(0, 2));
        }
      }
    }
  }

  @Test
  void scalesOfAnotherSizeOrAtAnotherPlaceAreRefused() {
    try (Arena arena = Arena.ofConfined()) {
      PanelLayout layout = new PanelLayout(9, 8, 8, WeightPrecision.INT8);
      MemorySegment weights = AlignedMemory.allocate(arena, 128);
      MemorySegment scales = AlignedMemory.allocate(arena, 128);
      Panels.of(layout, weights, scales.asSlice(0, 64));
      requireRefused(
          "scale memory differs from layout: expectedBytes=64, actualBytes=0",
          layout,
          weights,
          MemorySegment.NULL);
      requireRefused(
          "scale memory differs from layout: expectedBytes=64, actualBytes=36",
          layout,
          weights,
          scales.asSlice(0, 36));
      requireRefused(
          "scale memory is not off-heap and 64-byte aligned",
          layout,
          weights,
          scales.asSlice(4, 64));
      requireRefused(
          "scale memory is not off-heap and 64-byte aligned",
          layout,
          weights,
          MemorySegment.ofArray(new float[16]));
      PanelLayout unscaled = layout.withPrecision(WeightPrecision.BF16);
      requireRefused(
          "scale memory differs from layout: expectedBytes=0, actualBytes=64",
          unscaled,
          AlignedMemory.allocate(arena, 256),
          scales.asSlice(0, 64));
    }
  }

  private static void requireRefused(
      String message, PanelLayout layout, MemorySegment weights, MemorySegment scales) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Panels.of(layout, weights, scales));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  @Test
  void narrowWeightsAreConvertedNotSet() {
    try (Arena arena = Arena.ofConfined()) {
      Panels narrow = Panels.allocate(arena, new PanelLayout(8, 8, 8, WeightPrecision.BF16));
      assertThrows(IllegalStateException.class, () -> narrow.set(0, 0, 1f));
    }
  }
}
