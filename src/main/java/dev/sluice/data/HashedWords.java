package dev.sluice.data;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Text to a row of word counts of fixed length, without a dictionary.
///
/// ```
/// words     lower-cased (root locale); longest runs of letters and digits; the tag `<br />` is a gap
/// feature   fnv1a(word in UTF-8) mod features, as an unsigned number; words that meet are added up
/// value     ln(1 + count)
/// fnv1a     h = 0x811c9dc5; for each byte: h = (h xor byte) · 0x01000193 mod 2³²    Fowler, Noll, Vo
/// ```
final class HashedWords {
  private static final int FNV_OFFSET = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;
  private static final String LINE_BREAK = "<br />";

  private HashedWords() {}

  /// Writes a text's values to `values[from … from + features)`, which must be 0.
  static void write(String text, float[] values, int from, int features) {
    String plain = text.replace(LINE_BREAK, " ").toLowerCase(Locale.ROOT);
    int start = 0;
    while (start < plain.length()) {
      int end = start;
      while (end < plain.length() && Character.isLetterOrDigit(plain.codePointAt(end))) {
        end += Character.charCount(plain.codePointAt(end));
      }
      if (end > start) {
        values[from + Integer.remainderUnsigned(hash(plain.substring(start, end)), features)]++;
        start = end;
      } else {
        start += Character.charCount(plain.codePointAt(start));
      }
    }
    for (int i = from; i < from + features; i++) {
      values[i] = (float) StrictMath.log1p(values[i]);
    }
  }

  /// FNV-1a, 32 bits.
  static int hash(String word) {
    int hash = FNV_OFFSET;
    for (byte value : word.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (value & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
