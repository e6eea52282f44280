package dev.sluice.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Off-heap memory on cache-line boundaries, zeroed, little-endian.
public final class AlignedMemory {
  /// A cache line, and the widest vector there is (512 bits).
  public static final int ALIGNMENT_BYTES = 64;

  /// How every f32 in memory and in files is read: little-endian, at any offset.
  public static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// A bf16, as integer.
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private AlignedMemory() {}

  public static MemorySegment allocate(Arena arena, long bytes) {
    return arena.allocate(Math.max(ALIGNMENT_BYTES, alignUp(bytes)), ALIGNMENT_BYTES);
  }

  /// `floats` zeros.
  public static MemorySegment allocateFloats(Arena arena, long floats) {
    return allocate(arena, Math.multiplyExact(floats, Float.BYTES));
  }

  /// The smallest multiple of [#ALIGNMENT_BYTES] that is not below `bytes`.
  public static long alignUp(long bytes) {
    return Math.addExact(bytes, ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
  }

  public static boolean isAligned(MemorySegment segment) {
    return (segment.address() & (ALIGNMENT_BYTES - 1)) == 0;
  }
}
