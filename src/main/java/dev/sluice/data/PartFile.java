package dev.sluice.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// A file under construction beside its target. [#commit] puts it in place in one step; closing
/// without it leaves nothing.
final class PartFile implements AutoCloseable {
  private final Path target;
  private final Path part;
  private final FileChannel channel;

  private PartFile(Path target, Path part, FileChannel channel) {
    this.target = target;
    this.part = part;
    this.channel = channel;
  }

  static PartFile beside(Path target) {
    Path directory = target.toAbsolutePath().getParent();
    Path part = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      if (directory != null) {
        Files.createDirectories(directory);
      }
      FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      // An interrupt from the keyboard ends the process without unwinding.
      part.toFile().deleteOnExit();
      return new PartFile(target, part, channel);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  static DatasetException unwritable(Path path, IOException cause) {
    return new DatasetException(
        "cannot write data file: path="
            + path
            + ", reason="
            + cause.getClass().getSimpleName()
            + " "
            + cause.getMessage(),
        cause);
  }

  Path path() {
    return part;
  }

  /// Writes through; a failure to write is a [DatasetException], so that nobody takes it for a
  /// failure to read.
  void write(byte[] bytes, int count) {
    try {
      ByteBuffer remaining = ByteBuffer.wrap(bytes, 0, count);
      while (remaining.hasRemaining()) {
        channel.write(remaining);
      }
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  void commit() {
    try {
      channel.force(true);
      channel.close();
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }
}
