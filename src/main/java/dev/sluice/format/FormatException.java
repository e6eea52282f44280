package dev.sluice.format;

import java.io.Serial;

/// A file or text is not what it should be: damaged, foreign, hostile or of another version. The message says what is
/// wrong, where, what was expected and what was found.
public final class FormatException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public FormatException(String message) {
    super(message);
  }

  public FormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
