package dev.sluice.runtime;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.model.FeatureSelection;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Copies a row's selected features together: runs of neighbours at once where runs are long, else one by one.
final class FeatureRuns {
  /// Shorter runs cost more as calls than as single features.
  private static final int LONG_RUN = 8;

  private final int[] indices;
  private final int[] runStarts;

  FeatureRuns(FeatureSelection selection, int features) {
    this.indices = selection.indices(features);
    int[] starts = new int[indices.length + 1];
    int runs = 0;
    for (int position = 0; position < indices.length; position++) {
      if (position == 0 || indices[position] != indices[position - 1] + 1) {
        starts[runs++] = position;
      }
    }
    starts[runs] = indices.length;
    this.runStarts = Arrays.copyOf(starts, runs + 1);
  }

  /// @param from (features) from `fromOffsetBytes` on
  /// @param to (selected) from `toOffsetBytes` on
  void copy(MemorySegment from, long fromOffsetBytes, MemorySegment to, long toOffsetBytes) {
    if (indices.length >= LONG_RUN * (runStarts.length - 1)) {
      copyRuns(from, fromOffsetBytes, to, toOffsetBytes);
    } else {
      copySingles(from, fromOffsetBytes, to, toOffsetBytes);
    }
  }

  private void copyRuns(MemorySegment from, long fromOffset, MemorySegment to, long toOffset) {
    for (int run = 0; run < runStarts.length - 1; run++) {
      int start = runStarts[run];
      long sourceOffset = fromOffset + (long) indices[start] * Float.BYTES;
      long bytes = (long) (runStarts[run + 1] - start) * Float.BYTES;
      MemorySegment.copy(from, sourceOffset, to, toOffset + (long) start * Float.BYTES, bytes);
    }
  }

  private void copySingles(MemorySegment from, long fromOffset, MemorySegment to, long toOffset) {
    for (int position = 0; position < indices.length; position++) {
      float value = from.get(FLOAT, fromOffset + (long) indices[position] * Float.BYTES);
      to.set(FLOAT, toOffset + (long) position * Float.BYTES, value);
    }
  }
}
