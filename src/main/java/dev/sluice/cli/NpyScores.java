package dev.sluice.cli;

import dev.sluice.format.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/// Scores as a NumPy array of f32, (rows, outputs), format version 1.0:
///
/// ```
/// byte 0   0x93 "NUMPY" 1 0
/// byte 8   N, length of the header: u16, little-endian
/// byte 10  header: a Python dictionary, padded with blanks and ended by a line feed, so that 10+N is a multiple of 64
/// byte 10+N  the values, row-major, little-endian
/// ```
final class NpyScores implements AtomicFile.Content {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT_BYTES = 64;
  private static final int BUFFER_BYTES = 1 << 16;

  private final ModelRows source;
  private final int rowBytes;

  NpyScores(ModelRows source) {
    this.source = source;
    this.rowBytes = source.model().spec().outputs() * Float.BYTES;
  }

  @Override
  public void writeTo(WritableByteChannel channel) throws IOException {
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.max(BUFFER_BYTES, rowBytes)).order(ByteOrder.LITTLE_ENDIAN);
    putHeader(buffer);
    for (int row = 0; row < source.rows().rows(); row++) {
      if (buffer.remaining() < rowBytes) {
        drain(buffer, channel);
      }
      for (float score : source.scores(row)) {
        buffer.putFloat(score);
      }
    }
    drain(buffer, channel);
  }

  private void putHeader(ByteBuffer buffer) {
    String dictionary =
        "{'descr': '<f4', 'fortran_order': False, 'shape': ("
            + source.rows().rows()
            + ", "
            + source.model().spec().outputs()
            + "), }";
    int unpadded = MAGIC.length + Short.BYTES + dictionary.length() + 1;
    int padding = Math.floorMod(-unpadded, ALIGNMENT_BYTES);
    String header = dictionary + " ".repeat(padding) + "\n";
    buffer.put(MAGIC);
    buffer.putShort((short) header.length());
    buffer.put(header.getBytes(StandardCharsets.US_ASCII));
  }

  private static void drain(ByteBuffer buffer, WritableByteChannel channel) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }
}
