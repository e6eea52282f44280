package dev.sluice.cli;

/// The work of a command failed for a reason its user can act on; the message says what to do next.
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailure(String message) {
    super(message);
  }
}
