/// The command line `sluice`: parse, call, print.
///
/// Uses picocli, the progress bar, FastCSV and everything of Sluice; nothing of Sluice uses it. Start
/// with [dev.sluice.cli.Main] and [dev.sluice.cli.SluiceCommand]; `docs/COMMANDS.md` shows every
/// command with its output.
@NullMarked
package dev.sluice.cli;

import org.jspecify.annotations.NullMarked;
