package dev.sluice.data;

import java.nio.ByteBuffer;
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

  private final BinaryFields fields;

  private WavReader(DataFile file) {
    this.fields = new BinaryFields(file, "wav");
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
    fields.require("wav magic", "RIFF", ascii(fields.next(4)));
    fields.next(4);
    fields.require("wav magic", "WAVE", ascii(fields.next(4)));
    boolean formatKnown = false;
    while (true) {
      String chunk = ascii(fields.next(4));
      long length = fields.next(4).getInt() & 0xffffffffL;
      if (length > MAX_BYTES) {
        throw fields.problem("wav chunk too large: chunk=" + chunk, "at most " + MAX_BYTES, length);
      }
      if (chunk.equals("data")) {
        fields.require("wav chunks before data", "fmt ", formatKnown ? "fmt " : "none");
        return samples(length);
      }
      ByteBuffer content = fields.next((int) (length + (length & 1)));
      if (chunk.equals("fmt ")) {
        requireFormat(content, rate);
        formatKnown = true;
      }
    }
  }

  private void requireFormat(ByteBuffer content, int rate) {
    if (content.remaining() < FORMAT_BYTES) {
      throw fields.problem(
          "wav format chunk too short", FORMAT_BYTES + " bytes", content.remaining());
    }
    fields.require("wav format (1: PCM)", PCM, content.getShort() & 0xffff);
    fields.require("wav channels", 1, content.getShort() & 0xffff);
    fields.require("wav rate", Integer.toString(rate), Integer.toUnsignedString(content.getInt()));
    content.getInt();
    fields.require("wav bytes a frame", Short.BYTES, content.getShort() & 0xffff);
    fields.require("wav bits a sample", Short.SIZE, content.getShort() & 0xffff);
  }

  private short[] samples(long length) {
    if (length % Short.BYTES != 0) {
      throw fields.problem("wav data are not whole samples", "an even number of bytes", length);
    }
    ShortBuffer content = fields.next((int) length).asShortBuffer();
    short[] samples = new short[content.remaining()];
    content.get(samples);
    return samples;
  }

  private static String ascii(ByteBuffer bytes) {
    return StandardCharsets.ISO_8859_1.decode(bytes).toString();
  }
}
