package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.memory.AlignedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/// f32 at an offset of an off-heap segment, with canaries before and after them.
final class GuardedFloats {
  private static final int MARGIN_FLOATS = 32;
  private static final int CANARY_BITS = 0x7FC0_BEEF;

  /// What vector code gets wrong: signed zeros, infinities, NaN, subnormals, the edges of the functions' branches.
  private static final float[] SPECIAL_VALUES = {
    0f,
    -0f,
    1f,
    -1f,
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    -Float.MIN_NORMAL,
    0x1.fffffcp-127f,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    0.625f,
    -0.625f,
    Math.nextDown(0.625f),
    -87.33f,
    Math.nextDown(-87.33f),
    Math.nextUp(-87.33f),
    87.33f,
    88.37f,
    Math.nextDown(88.37f),
    Math.nextUp(88.37f),
    88.8f,
    -88.8f,
    -104f,
    14f,
    -14f,
    Math.nextDown(-14f),
    Math.nextUp(14f),
    13.22f,
    -13.22f,
    9.02f,
    -9.02f
  };

  private final MemorySegment segment;
  private final int offsetBytes;
  private final int count;

  GuardedFloats(Arena arena, float[] values, int offsetBytes) {
    this.offsetBytes = offsetBytes;
    this.count = values.length;
    this.segment =
        AlignedMemory.allocate(
            arena, offsetBytes + (long) (values.length + MARGIN_FLOATS) * Float.BYTES);
    for (long at = offsetBytes % Float.BYTES; at + Float.BYTES <= segment.byteSize(); at += 4) {
      segment.set(AlignedMemory.FLOAT, at, Float.intBitsToFloat(CANARY_BITS));
    }
    for (int i = 0; i < count; i++) {
      segment.set(AlignedMemory.FLOAT, offsetBytes + i * 4L, values[i]);
    }
  }

  MemorySegment segment() {
    return segment;
  }

  /// The values, after a look at the canaries.
  float[] values(String what) {
    for (long at = offsetBytes % Float.BYTES; at + Float.BYTES <= segment.byteSize(); at += 4) {
      if (at < offsetBytes || at >= offsetBytes + count * 4L) {
        assertThat(Float.floatToRawIntBits(segment.get(AlignedMemory.FLOAT, at)))
            .as("%s: memory outside [%d, +%d floats) at %d", what, offsetBytes, count, at)
            .isEqualTo(CANARY_BITS);
      }
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = segment.get(AlignedMemory.FLOAT, offsetBytes + i * 4L);
    }
    return values;
  }

  /// Finite values from −110 to 110, most of them small.
  static float[] moderate(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (random.nextInt(3)) {
            case 0 -> 220 * random.nextFloat() - 110;
            case 1 -> (float) random.nextGaussian();
            default -> (float) (random.nextGaussian() * Math.pow(2, -random.nextInt(40)));
          };
    }
    return values;
  }

  /// Any bits at all, special values and moderate ones.
  static float[] wild(Random random, int count) {
    float[] values = moderate(random, count);
    for (int i = 0; i < count; i++) {
      switch (random.nextInt(3)) {
        case 0 -> values[i] = SPECIAL_VALUES[random.nextInt(SPECIAL_VALUES.length)];
        case 1 -> values[i] = Float.intBitsToFloat(random.nextInt());
        default -> {}
      }
    }
    return values;
  }

  /// Identical bits, but that a NaN equals any other.
  static void assertSameBits(float[] expected, float[] actual, String what) {
    for (int i = 0; i < expected.length; i++) {
      if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
        assertThat(Float.toHexString(actual[i]))
            .as("%s, index=%d of %d", what, i, expected.length)
            .isEqualTo(Float.toHexString(expected[i]));
      }
    }
  }
}
