package dev.sluice.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/// A binary data file read from front to back, unzipped if its first bytes are gzip's. Knows its
/// offset in the unzipped content, so that every complaint can name it.
final class DataFile implements AutoCloseable {
  /// First allocation for a read: a header that promises more than the file holds must not exhaust
  /// memory.
  private static final int FIRST_BYTES = 1 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private final Path path;
  private final PushbackInputStream in;
  private final String place;
  private long offset;
  private boolean cut;

  /// @param place what an offset counts from: empty for the file's own content
  private DataFile(Path path, InputStream in, String place) {
    this.path = path;
    this.in = new PushbackInputStream(in);
    this.place = place;
  }

  static DataFile open(Path path) {
    try {
      return new DataFile(path, openStream(path), "");
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

  /// `path`, or the same with `.gz` at the end of its name.
  ///
  /// @param set name of the known set it belongs to, or empty
  static Path existing(String set, Path path) {
    if (Files.exists(path)) {
      return path;
    }
    Path zipped = path.resolveSibling(path.getFileName() + ".gz");
    if (Files.exists(zipped)) {
      return zipped;
    }
    throw missing(set, path);
  }

  /// @param set name of the known set it belongs to, or empty
  static DatasetException missing(String set, Path path) {
    return new DatasetException(
        "data file missing: path="
            + path
            + (set.isEmpty() ? "" : "; " + DataCatalogue.advice(set)));
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

  /// The offset, and what it counts from.
  String position() {
    return offset + place;
  }

  /// The next `count` bytes inflated, a zlib stream; they have been read from this file once the
  /// result is closed.
  DataFile inflated(long count) {
    String from = " of the zlib stream at offset " + position();
    return new DataFile(path, new InflaterInputStream(new Section(count)), from);
  }

  /// A stretch of this file as a stream; closing it passes over what is left of it.
  private final class Section extends InputStream {
    private long left;

    Section(long count) {
      left = count;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) {
      if (left == 0) {
        return -1;
      }
      byte[] read = DataFile.this.read((int) Math.min(left, count));
      System.arraycopy(read, 0, bytes, from, read.length);
      left -= read.length;
      return read.length == 0 ? -1 : read.length;
    }

    @Override
    public void close() {
      byte[] rest = new byte[BUFFER_BYTES];
      while (left > 0 && read(rest, 0, rest.length) > 0) {
        // read over
      }
    }
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

  /// True if nothing follows. Reads nothing away. A gzip stream that lost its checksum is cut, though all content may
  /// be there.
  boolean atEnd() {
    byte[] next = new byte[1];
    boolean atEnd = readSome(next, 0) < 0;
    if (!atEnd) {
      unread(next);
    }
    if (cut) {
      throw new DatasetException(
          (place.isEmpty() ? "gzip" : "zlib")
              + " stream truncated: path="
              + path
              + ", offset="
              + offset
              + (place.isEmpty() ? " of its content" : place));
    }
    return atEnd;
  }

  private void unread(byte[] bytes) {
    try {
      in.unread(bytes);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private int readSome(byte[] bytes, int from) {
    try {
      return in.read(bytes, from, bytes.length - from);
    } catch (EOFException e) {
      cut = true;
      return -1;
    } catch (IOException e) {
      throw new DatasetException(
          "data file is corrupt: path=" + path + ", offset=" + position() + ", reason=" + reason(e),
          e);
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
