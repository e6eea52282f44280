package dev.sluice.format;

import java.util.HexFormat;

/// Text of unknown origin made fit for messages, logs and terminals.
final class Printable {
  private static final int LONGEST_TEXT = 120;

  private Printable() {}

  /// `text` with control characters as escapes, cut after [#LONGEST_TEXT] characters.
  static String of(String text) {
    StringBuilder printable = new StringBuilder();
    int length = Math.min(text.length(), LONGEST_TEXT);
    for (int index = 0; index < length; index++) {
      char character = text.charAt(index);
      if (Character.isISOControl(character)) {
        printable.append("\\u").append(HexFormat.of().toHexDigits(character));
      } else {
        printable.append(character);
      }
    }
    return text.length() > LONGEST_TEXT ? printable.append('…').toString() : printable.toString();
  }

  /// Whether `text` may be a name: control characters would reach terminals and logs through it.
  static boolean isName(String text) {
    return !text.isEmpty() && text.chars().noneMatch(Character::isISOControl);
  }

  /// Whether `text` may be a metadata value: a name, nothing, or several lines with tabs.
  static boolean isValue(String text) {
    return text.chars()
        .noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t');
  }
}
