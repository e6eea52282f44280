package dev.sluice.benchmark;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import java.lang.foreign.MemorySegment;

/// The gate in front of every timing: answers that differ end the benchmark.
final class Agreement {
  private Agreement() {}

  /// @param what names path and place, for instance `gatedMatVec row=3`
  static void requireSameBits(
      String what, MemorySegment expected, MemorySegment actual, long offsetBytes, int count) {
    for (int index = 0; index < count; index++) {
      long at = offsetBytes + (long) index * Float.BYTES;
      requireSameBits(what, index, expected.get(FLOAT, at), actual.get(FLOAT, at));
    }
  }

  static void requireSameBits(String what, float[] expected, float[] actual) {
    requireLength(what, expected.length, actual.length);
    for (int index = 0; index < expected.length; index++) {
      requireSameBits(what, index, expected[index], actual[index]);
    }
  }

  private static void requireSameBits(String what, int index, float expected, float actual) {
    if (Float.floatToRawIntBits(expected) != Float.floatToRawIntBits(actual)) {
      throw differ(what, index, expected, actual, 0);
    }
  }

  /// Accepts differences of up to `allowed`.
  static void requireClose(String what, double[] expected, float[] actual, double allowed) {
    requireLength(what, expected.length, actual.length);
    for (int index = 0; index < expected.length; index++) {
      // Negated so that NaN fails.
      if (!(Math.abs(expected[index] - actual[index]) <= allowed)) {
        throw differ(what, index, expected[index], actual[index], allowed);
      }
    }
  }

  static boolean isClose(double[] expected, float[] actual, double allowed) {
    for (int index = 0; index < expected.length; index++) {
      if (!(Math.abs(expected[index] - actual[index]) <= allowed)) {
        return false;
      }
    }
    return true;
  }

  static void requireEqual(String what, long expected, long actual) {
    if (expected != actual) {
      throw new IllegalStateException(
          "refusing to time, values differ: what="
              + what
              + ", expected="
              + expected
              + ", actual="
              + actual);
    }
  }

  private static void requireLength(String what, int expected, int actual) {
    requireEqual(what + " length", expected, actual);
  }

  private static IllegalStateException differ(
      String what, int index, double expected, double actual, double allowed) {
    return new IllegalStateException(
        "refusing to time, answers differ: what="
            + what
            + ", index="
            + index
            + ", expected="
            + expected
            + ", actual="
            + actual
            + ", allowed="
            + allowed);
  }
}
