package dev.sluice.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Reads a WAV file of one channel of 16-bit PCM.
///
/// ```
/// "RIFF" u32 bytes that follow · "WAVE" · chunks: 4 letters, u32 bytes, content, padded to even
/// "fmt ": u16 format (1: PCM), u16 channels, u32 rate, u32 bytes/s, u16 bytes a frame, u16 bits
/// "data": i16 samples          all little-endian; "fmt " comes first, other chunks are passed over
/// ```
final class WavReader {
  private static final int FORMAT_BYTES = 16;
  private static final int PCM = 1;

  /// An hour and a half at 48 kHz.
  private static final long MAX_BYTES = 1L << 29;

  private final DataFile file;

  private WavReader(DataFile file) {
    this.file = file;
  }

  /// The samples of `path`, from -32768 to 32767.
  ///
  /// @param rate samples a second that the file must have
  /// @throws DatasetException names path, offset, expected and actual
  static short[] read(Path path, int rate) {
    try (DataFile file = DataFile.open(path)) {
      return new WavReader(file).samples(rate);
    }
  }

  private short[] samples(int rate) {
    require("wav magic", "RIFF", ascii(bytes(4)));
    bytes(4);
    require("wav magic", "WAVE", ascii(bytes(4)));
    boolean formatKnown = false;
    while (true) {
      String chunk = ascii(bytes(4));
      long length = bytes(4).getInt() & 0xffffffffL;
      if (length > MAX_BYTES) {
        throw problem("wav chunk too large: chunk=" + chunk, "at most " + MAX_BYTES, length);
      }
      if (chunk.equals("data")) {
        require("wav chunks before data", "fmt ", formatKnown ? "fmt " : "none");
        return samples(length);
      }
      ByteBuffer content = bytes((int) (length + (length & 1)));
      if (chunk.equals("fmt ")) {
        requireFormat(content, rate);
        formatKnown = true;
      }
    }
  }

  private void requireFormat(ByteBuffer content, int rate) {
    if (content.remaining() < FORMAT_BYTES) {
      throw problem("wav format chunk too short", FORMAT_BYTES + " bytes", content.remaining());
    }
    require("wav format (1: PCM)", PCM, content.getShort() & 0xffff);
    require("wav channels", 1, content.getShort() & 0xffff);
    require("wav rate", Integer.toString(rate), Integer.toUnsignedString(content.getInt()));
    content.getInt();
    require("wav bytes a frame", Short.BYTES, content.getShort() & 0xffff);
    require("wav bits a sample", Short.SIZE, content.getShort() & 0xffff);
  }

  private short[] samples(long length) {
    if (length % Short.BYTES != 0) {
      throw problem("wav data are not whole samples", "an even number of bytes", length);
    }
    ShortBuffer content = bytes((int) length).asShortBuffer();
    short[] samples = new short[content.remaining()];
    content.get(samples);
    return samples;
  }

  private ByteBuffer bytes(int count) {
    byte[] bytes = file.read(count);
    if (bytes.length < count) {
      throw problem("wav file truncated", count + " bytes", bytes.length);
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String ascii(ByteBuffer bytes) {
    return StandardCharsets.ISO_8859_1.decode(bytes).toString();
  }

  private void require(String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw problem(what + " differs", expected, actual);
    }
  }

  private DatasetException problem(String what, Object expected, Object actual) {
    return new DatasetException(
        what
            + ": path="
            + file.path()
            + ", offset="
            + file.offset()
            + ", expected="
            + expected
            + ", actual="
            + actual);
  }
}
