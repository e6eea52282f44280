package dev.sluice.gate;

import java.lang.foreign.MemorySegment;

/// Uniform numbers for decisions that are drawn at run time: a function of a seed, the row's logits and the gate, so that one row, a batch and
/// any thread draw alike. The mixing function is SplitMix64's (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195).
final class LogitDraws {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private final long seed;
  private long key;

  LogitDraws(long seed) {
    this.seed = mix(seed + GAMMA);
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /// Takes in the logits of a row; NaNs are equal whatever their payload.
  void take(MemorySegment logits, long offsetBytes, int count) {
    key = seed;
    for (int gate = 0; gate < count; gate++) {
      int bits = Float.floatToIntBits(SoftGates.logit(logits, offsetBytes, gate));
      key = mix((key ^ bits) + GAMMA);
    }
  }

  /// In [0, 1), 24 bits.
  float uniform(int gate) {
    return (mix(key + (gate + 1) * GAMMA) >>> 40) * 0x1p-24f;
  }
}
