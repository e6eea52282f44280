package dev.sluice.kernel.simd;

import dev.sluice.memory.AlignedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Tells the JIT that a segment is off-heap.
///
/// Access to a segment goes through shared methods of the JDK's, where it is compiled for the kinds of segments that the whole JVM has shown to
/// them: once other code has used vectors on heap segments, or on mapped files, each load and store in a kernel would be
/// several times slower. A cast to the implementation's class, done once before the loop, leaves nothing to be guessed: a cast to a constant
/// class is compiled to a comparison.
final class OffHeap {
  static final Class<? extends MemorySegment> SEGMENT = implementation();

  private OffHeap() {}

  /// `segment` itself.
  ///
  /// @throws ClassCastException if it is on the heap
  @Inlined
  static MemorySegment of(MemorySegment segment) {
    return SEGMENT.cast(segment);
  }

  /// Mapped memory is a subclass of it.
  private static Class<? extends MemorySegment> implementation() {
    try (Arena arena = Arena.ofConfined()) {
      return AlignedMemory.allocate(arena, 0).getClass();
    }
  }
}
