package dev.sluice.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/// A binary data file read from front to back, unzipped if its first bytes are gzip's. Knows its
/// offset in the unzipped content, so that every complaint can name it.
final class DataFile implements AutoCloseable {
  /// First allocation for a read: a header that promises more than the file holds must not exhaust
  /// memory.
  private static final int FIRST_BYTES = 1 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private final Path path;
  private final InputStream in;
  private long offset;
  private boolean cut;

  private DataFile(Path path, InputStream in) {
    this.path = path;
    this.in = in;
  }

  static DataFile open(Path path) {
    try {
      return new DataFile(path, openStream(path));
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /// The content of `path`, unzipped if it is gzip.
  static InputStream openStream(Path path) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
    try {
      raw.mark(2);
      boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
      raw.reset();
      return gzip ? new GZIPInputStream(raw, BUFFER_BYTES) : raw;
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  static DatasetException unreadable(Path path, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return new DatasetException("data file missing: path=" + path, cause);
    }
    if (Files.isDirectory(path)) {
      return new DatasetException("data file is a directory: path=" + path, cause);
    }
    return new DatasetException(
        "cannot read data file: path=" + path + ", reason=" + reason(cause), cause);
  }

  private static String reason(IOException cause) {
    String message = cause.getMessage();
    return cause.getClass().getSimpleName() + (message == null ? "" : " " + message);
  }

  Path path() {
    return path;
  }

  long offset() {
    return offset;
  }

  /// Up to `count` bytes; fewer only at the end of the content, a cut gzip stream included.
  byte[] read(int count) {
    byte[] bytes = new byte[Math.min(count, FIRST_BYTES)];
    int length = 0;
    while (length < count) {
      if (length == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(count, 2L * bytes.length));
      }
      int read = readSome(bytes, length);
      if (read < 0) {
        return Arrays.copyOf(bytes, length);
      }
      length += read;
      offset += read;
    }
    return bytes;
  }

  /// True if nothing follows. A gzip stream that lost its checksum is cut, though all content may
  /// be there.
  boolean atEnd() {
    boolean atEnd = readSome(new byte[1], 0) < 0;
    if (cut) {
      throw new DatasetException(
          "gzip stream truncated: path=" + path + ", offset=" + offset + " of its content");
    }
    return atEnd;
  }

  private int readSome(byte[] bytes, int from) {
    try {
      return in.read(bytes, from, bytes.length - from);
    } catch (EOFException e) {
      cut = true;
      return -1;
    } catch (IOException e) {
      throw new DatasetException(
          "data file is corrupt: path=" + path + ", offset=" + offset + ", reason=" + reason(e), e);
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }
}
