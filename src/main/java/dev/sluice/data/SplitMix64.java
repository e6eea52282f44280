package dev.sluice.data;

/// SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195). Our own, since the JDK's
/// generators do not promise their sequence, and integer arithmetic gives the same one everywhere.
final class SplitMix64 {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  SplitMix64(long seed) {
    this.state = seed;
  }

  /// A generator for element `index` of the family `seed`, independent of the elements before it.
  static SplitMix64 at(long seed, long index) {
    return new SplitMix64(mix(mix(seed + GOLDEN_GAMMA) + index * GOLDEN_GAMMA));
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /// Uniform in `[0, bound)`; the bias of the multiplication is below `bound / 2³¹`.
  int nextInt(int bound) {
    return (int) (((nextLong() >>> 33) * bound) >>> 31);
  }

  /// Uniform in `[0, 1)`, 24 bits.
  float nextFloat() {
    return (nextLong() >>> 40) * 0x1p-24f;
  }

  /// Uniform in `[low, high)`.
  float nextFloat(float low, float high) {
    return low + (high - low) * nextFloat();
  }

  /// Bell-shaped in `(-2, 2)` with standard deviation 0.577: the sum of four uniform values,
  /// Irwin–Hall, which needs no logarithm whose last bit could differ by platform.
  float nextBell() {
    long bits = nextLong();
    long sum =
        (bits & 0xffff) + ((bits >>> 16) & 0xffff) + ((bits >>> 32) & 0xffff) + (bits >>> 48);
    return sum * 0x1p-16f - 2f;
  }
}
