package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class SegmentBuffersTest {
  /// Lengths around multiples of the longest buffer, 10 bytes here instead of 1 GiB.
  @Test
  void buffersTogetherAreTheSegment() {
    for (int length : new int[] {0, 1, 9, 10, 11, 19, 20, 21, 35}) {
      byte[] expected = new byte[length];
      for (int index = 0; index < length; index++) {
        expected[index] = (byte) (index + 1);
      }
      byte[] actual = new byte[length];
      int[] count = {0};
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment segment = arena.allocate(length).copyFrom(MemorySegment.ofArray(expected));
        SegmentBuffers.forEach(
            segment,
            10,
            (offset, buffer) -> {
              assertTrue(buffer.remaining() <= 10);
              count[0]++;
              buffer.get(actual, (int) offset, buffer.remaining());
            });
      }
      assertArrayEquals(expected, actual, "length=" + length);
      assertEquals((length + 9) / 10, count[0], "length=" + length);
    }
  }
}
