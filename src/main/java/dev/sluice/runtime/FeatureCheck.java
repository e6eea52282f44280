package dev.sluice.runtime;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import java.lang.foreign.MemorySegment;

/// What a predictor does about features that are NaN or infinite.
public enum FeatureCheck {
  /// They are computed with. A unit that reads a NaN becomes NaN; a gate whose logit is NaN stays closed unless its layer's
  /// `minimumOpen` needs it. So the answer is NaN as a rule, but finite where closed blocks hid the NaN: who must know asks for
  /// [#FINITE].
  NONE,
  /// They are refused with an `IllegalArgumentException` that names the feature, before anything is computed.
  FINITE;

  void require(MemorySegment features, int count) {
    int index = this == FINITE ? firstNotFinite(features, 0, count) : count;
    if (index < count) {
      float value = features.get(FLOAT, (long) index * Float.BYTES);
      throw new IllegalArgumentException(
          "feature is not finite: index=" + index + ", value=" + value);
    }
  }

  void requireRow(MemorySegment features, long rowOffsetBytes, int row, int count) {
    int index = this == FINITE ? firstNotFinite(features, rowOffsetBytes, count) : count;
    if (index < count) {
      float value = features.get(FLOAT, rowOffsetBytes + (long) index * Float.BYTES);
      throw new IllegalArgumentException(
          "feature is not finite: row=" + row + ", index=" + index + ", value=" + value);
    }
  }

  private static int firstNotFinite(MemorySegment features, long offsetBytes, int count) {
    int index = 0;
    while (index < count
        && Float.isFinite(features.get(FLOAT, offsetBytes + (long) index * Float.BYTES))) {
      index++;
    }
    return index;
  }
}
