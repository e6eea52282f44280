package dev.sluice.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DeflaterOutputStream;

/// MAT-files that tests write, by the published layout.
final class Mat {
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();

  Mat() {
    ByteBuffer header = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    header.put(Wav.ascii("MATLAB 5.0 MAT-file, Platform: GLNXA64"));
    header.putShort(124, (short) 0x0100).put(126, (byte) 'I').put(127, (byte) 'M');
    content.writeBytes(header.array());
  }

  Mat plain(byte[] element) {
    content.writeBytes(element);
    return this;
  }

  Mat compressed(byte[] element) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(zipped)) {
      deflater.write(element);
    }
    content.writeBytes(tag(15, zipped.size()));
    content.writeBytes(zipped.toByteArray());
    return this;
  }

  byte[] bytes() {
    return content.toByteArray();
  }

  private static byte[] tag(int type, int bytes) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(type).putInt(bytes).array();
  }

  /// An array of class uint8 with bytes.
  static byte[] matrix(String name, int[] sizes, byte[] values) {
    return matrix(9, name, sizes, 2, values);
  }

  /// An array of class double with doubles.
  static byte[] matrix(String name, int[] sizes, double[] values) {
    ByteBuffer content = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      content.putDouble(value);
    }
    return matrix(6, name, sizes, 9, content.array());
  }

  static byte[] matrix(int arrayClass, String name, int[] sizes, int type, byte[] values) {
    ByteBuffer dimensions = ByteBuffer.allocate(4 * sizes.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int size : sizes) {
      dimensions.putInt(size);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(
        element(
            6, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(arrayClass).array()));
    body.writeBytes(element(5, dimensions.array()));
    body.writeBytes(element(1, Wav.ascii(name)));
    body.writeBytes(element(type, values));
    ByteArrayOutputStream matrix = new ByteArrayOutputStream();
    matrix.writeBytes(tag(14, body.size()));
    matrix.writeBytes(body.toByteArray());
    return matrix.toByteArray();
  }

  /// Small ones in the short form, as MATLAB writes them.
  private static byte[] element(int type, byte[] values) {
    boolean small = values.length <= 4;
    int padded = small ? 8 : 8 + (values.length + 7) / 8 * 8;
    ByteBuffer element = ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN);
    if (small) {
      element.putShort((short) type).putShort((short) values.length);
    } else {
      element.putInt(type).putInt(values.length);
    }
    return element.put(values).array();
  }
}
