package dev.sluice.data;

import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/// A digit as a pen draws it: lines and cubic Bézier curves in a box of 100×100, y down.
final class StrokeGlyph {
  private static final String[][] PATHS = {
    {
      "M50 5 C20 5 17 35 18 52 C19 75 26 95 50 95 C76 95 82 70 82 50 C82 30 77 5 50 5",
      "M60 6 C32 6 18 45 25 70 C31 95 56 98 68 74 C82 48 80 4 54 8",
    },
    {
      "M50 5 L50 95", "M32 26 L54 5 L54 95", "M32 25 L52 5 L52 95 M30 95 L74 95",
    },
    {
      "M22 28 C25 0 78 0 76 30 C74 52 38 70 22 94 L80 94",
      "M24 25 C30 0 78 2 72 32 C68 55 45 85 28 88 C15 90 20 74 34 80 C50 86 64 98 82 86",
    },
    {
      "M24 16 C40 -2 78 6 72 30 C69 44 52 48 42 48 C60 48 80 56 77 74 C73 100 34 100 20 82",
      "M24 7 L74 7 L46 42 C74 42 84 62 76 78 C66 100 34 98 20 84",
    },
    {
      "M64 95 L64 5 L18 68 L86 68",
      "M28 6 L22 52 L76 52 M70 8 L66 95",
      "M30 8 C26 30 20 50 30 54 C44 58 62 54 72 48 M74 6 C72 40 68 70 66 96",
    },
    {
      "M76 6 L30 6 L26 46 C45 34 80 40 78 68 C76 98 36 100 20 84",
      "M28 8 L26 44 C50 36 80 48 74 74 C68 96 36 98 22 86 M28 8 L78 8",
    },
    {
      "M68 6 C40 16 22 45 22 70 C22 100 78 102 78 70 C78 46 36 44 24 68",
      "M60 4 C36 30 24 60 28 78 C34 100 70 98 74 76 C76 54 44 50 30 74",
    },
    {
      "M20 7 L80 7 L42 95",
      "M20 8 L78 8 L44 95 M32 50 L70 50",
      "M22 20 L24 8 C44 12 60 10 78 6 C64 36 52 60 48 96",
    },
    {
      "M50 48 C20 40 20 5 50 5 C80 5 80 40 50 48 C14 56 14 95 50 95 C86 95 86 56 50 48",
      "M70 14 C50 -4 20 12 34 34 C44 48 74 58 72 78 C68 102 24 98 26 76 C28 58 66 44 72 26"
          + " C74 18 72 16 70 14",
    },
    {
      "M76 30 C76 0 24 0 24 30 C24 56 68 56 76 30 L72 95",
      "M74 24 C60 -4 22 8 26 34 C30 56 66 52 74 26 C76 60 66 90 34 94",
    },
  };

  private static final StrokeGlyph[][] GLYPHS = parseAll();

  private final String kinds;
  private final float[] points;

  private StrokeGlyph(String kinds, float[] points) {
    this.kinds = kinds;
    this.points = points;
  }

  /// The ways to write `digit`.
  static StrokeGlyph[] of(int digit) {
    return GLYPHS[digit];
  }

  /// One letter per drawing step: `M` lifts the pen and starts at a point, `L` draws a line to a
  /// point, `C` a curve by two control points to a third.
  String kinds() {
    return kinds;
  }

  /// A copy of x, y of all steps' points, in order.
  float[] points() {
    return points.clone();
  }

  private static StrokeGlyph[][] parseAll() {
    StrokeGlyph[][] glyphs = new StrokeGlyph[PATHS.length][];
    for (int digit = 0; digit < PATHS.length; digit++) {
      glyphs[digit] = new StrokeGlyph[PATHS[digit].length];
      for (int style = 0; style < PATHS[digit].length; style++) {
        glyphs[digit][style] = parse(PATHS[digit][style]);
      }
    }
    return glyphs;
  }

  private static StrokeGlyph parse(String path) {
    StringBuilder kinds = new StringBuilder();
    List<Float> values = new ArrayList<>();
    StringTokenizer tokens = new StringTokenizer(path, " MLC", true);
    while (tokens.hasMoreTokens()) {
      String token = tokens.nextToken();
      if ("MLC".contains(token)) {
        kinds.append(token);
      } else if (!token.equals(" ")) {
        values.add(Float.valueOf(token));
      }
    }
    float[] points = new float[values.size()];
    for (int i = 0; i < points.length; i++) {
      points[i] = values.get(i);
    }
    return new StrokeGlyph(kinds.toString(), points);
  }
}
