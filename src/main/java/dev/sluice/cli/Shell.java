package dev.sluice.cli;

import java.util.regex.Pattern;

/// Texts as a shell takes them, for commands that are printed to be copied.
final class Shell {
  private static final Pattern PLAIN = Pattern.compile("[\\w./:,=@%+-]+");

  private Shell() {}

  /// In single quotes if a shell would change it otherwise.
  static String quote(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
