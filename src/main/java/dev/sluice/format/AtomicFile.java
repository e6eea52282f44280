package dev.sluice.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/// Files that are replaced as a whole or not at all: written to a temporary file in the same folder, forced to disk, then
/// renamed. After any failure the temporary file is gone and the old file is as it was.
public final class AtomicFile {
  /// What goes into the file.
  public interface Content {
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  /// A temporary file being written.
  interface Output extends WritableByteChannel {
    /// Returns when all bytes written are on the disk.
    void force() throws IOException;
  }

  /// How temporary files are created, so that tests can let disks fail.
  interface Opener {
    Output open(Path temporary) throws IOException;
  }

  static final Opener ON_DISK = path -> new DiskOutput(openNew(path));

  private AtomicFile() {}

  /// Replaces or creates the file at `path`; a symbolic link keeps pointing to the file that is replaced.
  ///
  /// @param noun what is written, for messages: `model file`
  /// @throws java.io.UncheckedIOException if the disk is full, the folder is missing or not writable, …
  public static void replace(String noun, Path path, Content content) {
    replace(new FileOrigin(noun, path), content, ON_DISK);
  }

  static void replace(FileOrigin origin, Content content, Opener opener) {
    try {
      Path target = target(origin.path());
      Path temporary = temporaryFor(target);
      try {
        write(temporary, content, opener);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (Throwable e) {
        delete(temporary, e);
        throw e;
      }
      forceFolder(target);
    } catch (IOException e) {
      throw origin.failure("write", e);
    }
  }

  /// Writes all of `buffer`: a channel may take less at a time.
  static void writeFully(WritableByteChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static Path target(Path path) throws IOException {
    if (!Files.exists(path)) {
      return path.toAbsolutePath();
    }
    if (!Files.isRegularFile(path)) {
      // a rename would replace a device or a pipe by a file
      throw new FileSystemException(path.toString(), null, "not a regular file");
    }
    return path.toRealPath();
  }

  private static Path temporaryFor(Path target) {
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    return target.resolveSibling(".sluice-" + random + ".tmp");
  }

  private static void write(Path temporary, Content content, Opener opener) throws IOException {
    try (Output output = opener.open(temporary)) {
      content.writeTo(output);
      output.force();
    }
  }

  private static void delete(Path temporary, Throwable failure) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /// Makes the rename itself durable, where the system can open folders; the file is complete either way.
  private static void forceFolder(Path target) {
    Path folder = target.getParent();
    if (folder == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      System.getLogger(AtomicFile.class.getName())
          .log(System.Logger.Level.DEBUG, "folder cannot be forced to disk: path=" + folder, e);
    }
  }

  private static FileChannel openNew(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private record DiskOutput(FileChannel channel) implements Output {
    @Override
    public int write(ByteBuffer source) throws IOException {
      return channel.write(source);
    }

    @Override
    public void force() throws IOException {
      channel.force(true);
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
