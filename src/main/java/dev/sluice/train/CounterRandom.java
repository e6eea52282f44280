package dev.sluice.train;

/// Random bits as a function of where they are used, not of a generator's state: a resumed training needs no state, and no order of
/// threads can change them. The mixing function is SplitMix64's (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195).
final class CounterRandom {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  /// What the bits are for; different purposes never share bits.
  enum Stream {
    WEIGHTS,
    ORDER,
    DROPOUT,
    GATES,
    VARIANTS,
    VARIANT_ORDER,
    TILES
  }

  private CounterRandom() {}

  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /// A key for `at(key, …)`.
  static long key(long seed, Stream stream, long a, long b) {
    long key = mix(seed + (stream.ordinal() + 1) * GAMMA);
    key = mix(key + (a + 1) * GAMMA);
    return mix(key + (b + 1) * GAMMA);
  }

  /// 64 bits, number `index` of a key.
  static long at(long key, long index) {
    return mix(key + (index + 1) * GAMMA);
  }

  /// In [0, 1).
  static double uniform(long bits) {
    return (bits >>> 11) * 0x1p-53;
  }

  /// Standard normal, by Box and Muller's transform; `StrictMath`, so that all platforms agree.
  static double normal(long key, long index) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(at(key, 2 * index))));
    return radius * StrictMath.cos(2 * Math.PI * uniform(at(key, 2 * index + 1)));
  }
}
