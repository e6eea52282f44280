package dev.sluice.train;

import dev.sluice.memory.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Inverted dropout (Srivastava et al. 2014): each unit is 0 with probability `share`, else times `1/(1 − share)`.
///
/// A decision takes 16 bits, so `share` is rounded to a multiple of 2⁻¹⁶; the factor is that of the rounded share.
final class Dropout {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int DECISIONS_PER_HASH = 4;

  private final int dropBelow;
  private final long keptBits;
  private final long seed;
  private final int layer;

  /// @param layer for distinct random bits
  Dropout(double share, long seed, int layer) {
    this.dropBelow = (int) Math.min(0xffff, Math.round(share * 0x1p16));
    this.keptBits = Float.floatToRawIntBits(keptFactor());
    this.seed = seed;
    this.layer = layer;
  }

  float keptFactor() {
    return (float) (0x1p16 / (0x10000 - dropBelow));
  }

  /// Writes the factors of some rows, all columns: a function of seed, layer, step, row and column alone.
  void fill(long step, int fromRow, int toRow, Matrix factors) {
    MemorySegment data = factors.data();
    for (int row = fromRow; row < toRow; row++) {
      long key =
          CounterRandom.key(seed, CounterRandom.Stream.DROPOUT, step, (long) layer << 32 | row);
      int offsetBytes = factors.rowOffsetBytes(row);
      // columns are a multiple of 32
      int hashes = factors.columns() / DECISIONS_PER_HASH;
      for (int hash = 0; hash < hashes; hash++) {
        long bits = CounterRandom.at(key, hash);
        data.set(LONG, offsetBytes, pair(bits));
        data.set(LONG, offsetBytes + 8, pair(bits >>> 32));
        offsetBytes += 16;
      }
    }
  }

  /// Two factors from the lower 32 bits, without a branch that would be mispredicted every few units.
  private long pair(long bits) {
    long keepFirst = ~((((bits & 0xffff) - dropBelow)) >> 63);
    long keepSecond = ~(((((bits >>> 16) & 0xffff) - dropBelow)) >> 63);
    return (keptBits & keepFirst) | (keptBits & keepSecond) << 32;
  }
}
