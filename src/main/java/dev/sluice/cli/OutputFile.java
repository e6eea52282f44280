package dev.sluice.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/// Proves that a file can be written before hours of work depend on it.
final class OutputFile {
  private OutputFile() {}

  /// @param option that named the file, for messages
  static void require(String option, Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(file)) {
      throw new CommandFailure(option + " is a folder: path=" + file + "; name a file in it");
    }
    if (!Files.isDirectory(folder)) {
      throw new CommandFailure(
          "folder of " + option + " is missing: path=" + folder + "; create it first");
    }
    if (!Files.isWritable(folder)) {
      throw new CommandFailure(
          "folder of " + option + " is not writable: path=" + folder + "; choose another one");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new CommandFailure(
          option + " is not a regular file: path=" + file + "; choose another one");
    }
  }
}
