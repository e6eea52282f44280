package dev.sluice.data;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The lines of a text file in UTF-8, gzipped or not. A line ends at `\n` alone, since texts may hold
/// other separators; a `\r` before it is dropped. Knows its line number, so that every complaint can
/// name it.
final class TextLines implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  /// Far above any line of the sets; a file without line ends must not exhaust memory.
  private static final int MAX_LINE_BYTES = 1 << 24;

  private final Path path;
  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private int position;
  private int limit;
  private long line;

  private TextLines(Path path, InputStream in) {
    this.path = path;
    this.in = in;
  }

  static TextLines open(Path path) {
    try {
      return new TextLines(path, DataFile.openStream(path));
    } catch (IOException e) {
      throw DataFile.unreadable(path, e);
    }
  }

  /// The next line, or null at the end.
  @Nullable String next() {
    pending.reset();
    line++;
    while (position < limit || fill()) {
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      pending.write(buffer, position, end - position);
      requireLength();
      position = end + 1;
      if (end < limit) {
        return text();
      }
    }
    return pending.size() == 0 ? null : text();
  }

  /// The next line, which must be there.
  String require(String what) {
    String next = next();
    if (next == null) {
      throw problem("text file truncated", what, "end of file");
    }
    return next;
  }

  private boolean fill() {
    try {
      limit = Math.max(0, in.read(buffer));
      position = 0;
      return limit > 0;
    } catch (EOFException e) {
      throw new DatasetException(
          "gzip stream truncated: path=" + path + ", line=" + line + " of its content", e);
    } catch (IOException e) {
      throw DataFile.unreadable(path, e);
    }
  }

  private void requireLength() {
    if (pending.size() > MAX_LINE_BYTES) {
      throw problem("line too long", "at most " + MAX_LINE_BYTES + " bytes", "more");
    }
  }

  private String text() {
    byte[] bytes = pending.toByteArray();
    int length =
        bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new DatasetException("text is not UTF-8: path=" + path + ", line=" + line, e);
    }
  }

  /// Of the line last read, from 1.
  long line() {
    return line;
  }

  DatasetException problem(String what, Object expected, Object actual) {
    return new DatasetException(
        what
            + ": path="
            + path
            + ", line="
            + line
            + ", expected="
            + expected
            + ", actual="
            + actual);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw DataFile.unreadable(path, e);
    }
  }
}
