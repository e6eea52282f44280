package dev.sluice.cli;

import dev.sluice.format.AtomicFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Proves that a file can be written before hours of work depend on it, and writes texts as a whole or not at all.
final class OutputFile {
  private OutputFile() {}

  /// Replaces or creates a file in UTF-8; after a failure the old one is as it was.
  ///
  /// @param noun what is written, for messages: `page`
  static void write(String noun, Path file, String text) {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
    AtomicFile.replace(
        noun,
        file,
        channel -> {
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

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
