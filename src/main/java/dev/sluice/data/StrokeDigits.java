package dev.sluice.data;

/// Handwriting-like digits that need no file: 28×28 grey pictures of 0 to 9, drawn from strokes
/// with random shape, slant, size, place, pen and noise.
///
/// A row depends on seed and index alone, and on every platform it has the same bytes: integers,
/// IEEE arithmetic without fused operations, and [StrictMath].
public final class StrokeDigits {
  public static final int SIZE = 28;
  public static final int FEATURES = SIZE * SIZE;
  public static final int CLASSES = 10;
  public static final int MAX_ROWS = 1_000_000;

  /// Test rows come from indices no training set reaches, so that a test part does not depend on
  /// the training rows asked for.
  private static final long FIRST_TEST_INDEX = 1L << 32;

  private static final ImageShape SHAPE = new ImageShape(1, SIZE, SIZE);
  private static final float CENTRE = (SIZE - 1) / 2f;

  private final long seed;
  private final StrokeCanvas canvas = new StrokeCanvas(SIZE);

  private StrokeDigits(long seed) {
    this.seed = seed;
  }

  static LoadedSource source(SourceTable.Request request) {
    DataSpec spec = request.spec();
    int rows = (int) spec.number("rows", 20_000, 1, MAX_ROWS);
    int test = (int) spec.number("test", 4_000, 1, MAX_ROWS);
    long seed = spec.number("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE);
    return LoadedSource.standardParts(() -> generate(rows, seed), () -> generateTest(test, seed));
  }

  /// `rows` digits, classes uniformly at random; the first rows of a longer set are those of a
  /// shorter one.
  public static ByteDataset generate(int rows, long seed) {
    return generate("stroke-digits/train", rows, seed, 0);
  }

  /// `rows` digits for a final test, none of which [#generate] with the same seed yields.
  public static ByteDataset generateTest(int rows, long seed) {
    return generate("stroke-digits/test", rows, seed, FIRST_TEST_INDEX);
  }

  private static ByteDataset generate(String name, int rows, long seed, long firstIndex) {
    if (rows < 1 || rows > MAX_ROWS) {
      throw new IllegalArgumentException("rows out of range: rows=" + rows + ", max=" + MAX_ROWS);
    }
    StrokeDigits generator = new StrokeDigits(seed);
    byte[] features = new byte[rows * FEATURES];
    byte[] labels = new byte[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = (byte) generator.draw(firstIndex + row, features, row * FEATURES);
    }
    return new ByteDataset(name, features, SHAPE, labels, CLASSES);
  }

  private int draw(long index, byte[] features, int offset) {
    SplitMix64 random = SplitMix64.at(seed, index);
    int digit = random.nextInt(CLASSES);
    StrokeGlyph[] styles = StrokeGlyph.of(digit);
    StrokeGlyph glyph = styles[random.nextInt(styles.length)];
    canvas.clear(random.nextFloat(0.7f, 1.7f));
    canvas.draw(glyph, placed(glyph, random));
    if (random.nextInt(4) == 0) {
      drawClutter(random);
    }
    shade(random, features, offset);
    return digit;
  }

  /// The glyph's points with jitter, under a random affine map, in pixels.
  private static float[] placed(StrokeGlyph glyph, SplitMix64 random) {
    float angle = random.nextBell() * 0.25f;
    float cosine = (float) StrictMath.cos(angle);
    float sine = (float) StrictMath.sin(angle);
    float shear = random.nextBell() * 0.3f;
    float width = random.nextFloat(0.13f, 0.22f);
    float height = random.nextFloat(0.16f, 0.22f);
    float shiftX = CENTRE + random.nextBell() * 2.2f;
    float shiftY = CENTRE + random.nextBell() * 2.2f;
    float jitter = random.nextFloat(2, 9);
    float[] points = glyph.points();
    for (int i = 0; i < points.length; i += 2) {
      float y = (points[i + 1] - 50 + jitter * random.nextBell()) * height;
      float x = (points[i] - 50 + jitter * random.nextBell()) * width - shear * y;
      points[i] = cosine * x - sine * y + shiftX;
      points[i + 1] = sine * x + cosine * y + shiftY;
    }
    return points;
  }

  /// A short stroke that belongs to no digit.
  private void drawClutter(SplitMix64 random) {
    float x = random.nextFloat(2, SIZE - 2);
    float y = random.nextFloat(2, SIZE - 2);
    canvas.line(x, y, x + 3 * random.nextBell(), y + 3 * random.nextBell());
  }

  private void shade(SplitMix64 random, byte[] features, int offset) {
    float ink = random.nextFloat(0.55f, 1);
    float noise = random.nextFloat(0, 0.35f);
    long bits = 0;
    for (int pixel = 0; pixel < FEATURES; pixel++) {
      // One draw serves four pixels, 16 bits each.
      bits = (pixel & 3) == 0 ? random.nextLong() : bits >>> 16;
      float grain = ((bits & 0xffff) * 0x1p-16f - 0.5f) * noise;
      float value = Math.max(0, Math.min(1, canvas.coverage(pixel) * ink + grain));
      features[offset + pixel] = (byte) (int) (value * 255 + 0.5f);
    }
  }
}
