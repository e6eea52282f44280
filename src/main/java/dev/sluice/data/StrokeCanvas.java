package dev.sluice.data;

import java.util.Arrays;

/// A grey picture on which a round pen draws; coordinates in pixels, pixel (x, y) has its centre
/// there.
///
/// Holds for each pixel the squared distance to the nearest stroke, so that crossing strokes are no
/// darker than one.
final class StrokeCanvas {
  private static final int CURVE_SEGMENTS = 8;

  private final int size;
  private final float[] squaredDistance;
  private float reach;

  StrokeCanvas(int size) {
    this.size = size;
    this.squaredDistance = new float[size * size];
  }

  /// @param penRadius half the width of the strokes that follow
  void clear(float penRadius) {
    Arrays.fill(squaredDistance, Float.MAX_VALUE);
    reach = penRadius + 1;
  }

  /// Draws `glyph` with its points given as `points`, in the layout of [StrokeGlyph#points].
  void draw(StrokeGlyph glyph, float[] points) {
    float x = 0;
    float y = 0;
    int at = 0;
    for (int step = 0; step < glyph.kinds().length(); step++) {
      switch (glyph.kinds().charAt(step)) {
        case 'C' -> {
          curve(x, y, points, at);
          at += 4;
        }
        case 'L' -> line(x, y, points[at], points[at + 1]);
        default -> {}
      }
      x = points[at];
      y = points[at + 1];
      at += 2;
    }
  }

  private void curve(float x0, float y0, float[] points, int at) {
    float fromX = x0;
    float fromY = y0;
    for (int i = 1; i <= CURVE_SEGMENTS; i++) {
      float t = i / (float) CURVE_SEGMENTS;
      float u = 1 - t;
      float b0 = u * u * u;
      float b1 = 3 * u * u * t;
      float b2 = 3 * u * t * t;
      float b3 = t * t * t;
      float x = b0 * x0 + b1 * points[at] + b2 * points[at + 2] + b3 * points[at + 4];
      float y = b0 * y0 + b1 * points[at + 1] + b2 * points[at + 3] + b3 * points[at + 5];
      line(fromX, fromY, x, y);
      fromX = x;
      fromY = y;
    }
  }

  void line(float x0, float y0, float x1, float y1) {
    float dx = x1 - x0;
    float dy = y1 - y0;
    float squaredLength = dx * dx + dy * dy;
    float scale = squaredLength > 0 ? 1 / squaredLength : 0;
    int left = Math.max(0, (int) (Math.min(x0, x1) - reach));
    int right = Math.min(size - 1, (int) (Math.max(x0, x1) + reach) + 1);
    int top = Math.max(0, (int) (Math.min(y0, y1) - reach));
    int bottom = Math.min(size - 1, (int) (Math.max(y0, y1) + reach) + 1);
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        float t = ((x - x0) * dx + (y - y0) * dy) * scale;
        t = Math.max(0, Math.min(1, t));
        float ex = x - (x0 + t * dx);
        float ey = y - (y0 + t * dy);
        float distance = ex * ex + ey * ey;
        int pixel = y * size + x;
        if (distance < squaredDistance[pixel]) {
          squaredDistance[pixel] = distance;
        }
      }
    }
  }

  /// Share of a pixel that ink covers, in `[0, 1]`: falls from 1 to 0 over one pixel around the rim
  /// of the pen.
  float coverage(int pixel) {
    float squared = squaredDistance[pixel];
    if (squared >= reach * reach) {
      return 0;
    }
    float inside = reach - 0.5f - (float) Math.sqrt(squared);
    return Math.max(0, Math.min(1, inside));
  }
}
