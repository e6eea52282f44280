package dev.sluice.format;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Off-heap memory as the buffers that channels and checksums take, at most 1 GiB each.
final class SegmentBuffers {
  private static final long LONGEST_BUFFER_BYTES = 1L << 30;

  /// What to do with each buffer.
  interface Action<E extends Exception> {
    /// @param offsetBytes of the buffer in the segment
    void accept(long offsetBytes, ByteBuffer buffer) throws E;
  }

  private SegmentBuffers() {}

  static <E extends Exception> void forEach(MemorySegment segment, Action<E> action) throws E {
    forEach(segment, LONGEST_BUFFER_BYTES, action);
  }

  static <E extends Exception> void forEach(
      MemorySegment segment, long longestBufferBytes, Action<E> action) throws E {
    long totalBytes = segment.byteSize();
    for (long offset = 0; offset < totalBytes; offset += longestBufferBytes) {
      long bytes = Math.min(longestBufferBytes, totalBytes - offset);
      action.accept(offset, segment.asSlice(offset, bytes).asByteBuffer());
    }
  }
}
