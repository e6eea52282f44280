package dev.sluice.data;

/// Data that cannot be used as they are: a missing, truncated, altered or foreign file, a label out
/// of range, a failed download. The message names the file, the position and both values where
/// there are any.
public final class DatasetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DatasetException(String message) {
    super(message);
  }

  public DatasetException(String message, Throwable cause) {
    super(message, cause);
  }
}
