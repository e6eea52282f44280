package dev.sluice.cli;

import dev.sluice.runtime.ZeroSkipping;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whether products leave out inputs that are zero.
final class ZeroSkippingOption {
  private static final String NAME = "--zero-skipping";

  @Option(
      names = NAME,
      paramLabel = "MODE",
      description =
          "Leave out inputs that are zero: off, auto (where that is quicker) or always; default: as"
              + " the property "
              + ZeroSkipping.PROPERTY
              + " says, else auto.")
  private @Nullable String text;

  /// Refuses an unknown mode before any work is done.
  ZeroSkipping mode(CommonOptions common) {
    String given = text;
    return given == null
        ? ZeroSkipping.standard()
        : common.option(NAME, () -> ZeroSkipping.parse(given));
  }
}
