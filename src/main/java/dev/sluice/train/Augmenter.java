package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.data.ImageShape;
import dev.sluice.memory.AlignedMemory;
import java.lang.foreign.MemorySegment;

/// Makes the variants of [Augmentation] for one dataset. What it writes is a function of seed, row and variant alone.
final class Augmenter {
  private static final ImageShape NO_PICTURE = new ImageShape(1, 1, 1);

  /// Numbers drawn per variant: two offsets and the mirroring. A number of normal noise takes two.
  private static final int DRAW_DY = 0;

  private static final int DRAW_DX = 1;
  private static final int DRAW_FLIP = 2;
  private static final int FIRST_NOISE = 2;

  private final Dataset dataset;
  private final Augmentation augmentation;
  private final long seed;
  private final ImageShape shape;
  private final long planeBytes;
  private final long lineBytes;

  /// @throws IllegalArgumentException if the dataset does not fit
  Augmenter(Dataset dataset, Augmentation augmentation, long seed) {
    augmentation.requireFit(dataset);
    this.dataset = dataset;
    this.augmentation = augmentation;
    this.seed = seed;
    this.shape = dataset.imageShape().orElse(NO_PICTURE);
    this.lineBytes = (long) shape.width() * Float.BYTES;
    this.planeBytes = lineBytes * shape.height();
  }

  /// Which variant an epoch shows of a row.
  ///
  /// @param epoch from 0
  int variant(long epoch, int row) {
    int variants = augmentation.variants();
    long key = CounterRandom.key(seed, CounterRandom.Stream.VARIANT_ORDER, row, 0);
    return (int) ((below(CounterRandom.at(key, 0), variants) + epoch) % variants);
  }

  /// Writes the features of a variant of a row.
  void copyFeatures(int row, int variant, MemorySegment into, long offsetBytes) {
    dataset.copyFeatures(row, into, offsetBytes);
    if (augmentation.isNone()) {
      return;
    }
    long key = CounterRandom.key(seed, CounterRandom.Stream.VARIANTS, row, variant);
    if (augmentation.movesPixels()) {
      int choices = 2 * augmentation.shift() + 1;
      int dy = below(CounterRandom.at(key, DRAW_DY), choices) - augmentation.shift();
      int dx = below(CounterRandom.at(key, DRAW_DX), choices) - augmentation.shift();
      boolean mirrors = augmentation.flip() && CounterRandom.at(key, DRAW_FLIP) < 0;
      move(into, offsetBytes, dy, dx, mirrors);
    }
    if (augmentation.noise() > 0) {
      addNoise(key, into, offsetBytes);
    }
  }

  /// In `0 … bound − 1`.
  private static int below(long bits, int bound) {
    return (int) (CounterRandom.uniform(bits) * bound);
  }

  /// Pixel `(y, x)` becomes the one that was at `(y − dy, x − dx)`, of the mirrored picture if `mirrors`, or 0 if there is none.
  void move(MemorySegment picture, long offsetBytes, int dy, int dx, boolean mirrors) {
    for (int channel = 0; channel < shape.channels(); channel++) {
      long planeOffset = offsetBytes + channel * planeBytes;
      if (mirrors) {
        mirror(picture, planeOffset);
      }
      if (dy != 0 || dx != 0) {
        shift(picture, planeOffset, dy, dx);
      }
    }
  }

  private void mirror(MemorySegment picture, long planeOffset) {
    for (int y = 0; y < shape.height(); y++) {
      long left = planeOffset + y * lineBytes;
      long right = left + lineBytes - Float.BYTES;
      for (; left < right; left += Float.BYTES, right -= Float.BYTES) {
        float value = picture.get(AlignedMemory.FLOAT, left);
        picture.set(AlignedMemory.FLOAT, left, picture.get(AlignedMemory.FLOAT, right));
        picture.set(AlignedMemory.FLOAT, right, value);
      }
    }
  }

  /// The whole plane moves in one copy, which takes overlap into account; what came around from neighbouring lines lies in the columns that
  /// become 0.
  private void shift(MemorySegment picture, long planeOffset, int dy, int dx) {
    long moveBytes = dy * lineBytes + (long) dx * Float.BYTES;
    long keptBytes = planeBytes - Math.abs(moveBytes);
    long from = planeOffset + Math.max(0, -moveBytes);
    MemorySegment.copy(picture, from, picture, from + moveBytes, keptBytes);
    long zeroLines = Math.abs(dy) * lineBytes;
    long firstZeroLine = dy > 0 ? planeOffset : planeOffset + planeBytes - zeroLines;
    picture.asSlice(firstZeroLine, zeroLines).fill((byte) 0);
    int columns = Math.abs(dx);
    long firstColumn = dx > 0 ? 0 : lineBytes - (long) columns * Float.BYTES;
    for (int y = 0; y < shape.height(); y++) {
      long offset = planeOffset + y * lineBytes + firstColumn;
      for (int column = 0; column < columns; column++) {
        picture.set(AlignedMemory.FLOAT, offset + (long) column * Float.BYTES, 0f);
      }
    }
  }

  private void addNoise(long key, MemorySegment into, long offsetBytes) {
    for (int feature = 0; feature < dataset.features(); feature++) {
      long offset = offsetBytes + (long) feature * Float.BYTES;
      double noise = augmentation.noise() * CounterRandom.normal(key, FIRST_NOISE + feature);
      float value = into.get(AlignedMemory.FLOAT, offset);
      into.set(AlignedMemory.FLOAT, offset, (float) (value + noise));
    }
  }
}
