package dev.sluice.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 over a one-line ASCII header that fixes kind and shape, then the arrays, little-endian.
final class ContentHash {
  private static final int CHUNK_VALUES = 4096;

  private final MessageDigest digest = digest("SHA-256");
  private final ByteBuffer chunk =
      ByteBuffer.allocate(4 * CHUNK_VALUES).order(ByteOrder.LITTLE_ENDIAN);

  ContentHash(String header) {
    digest.update((header + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  /// Every JDK must offer SHA-256 and MD5.
  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("digest not available: algorithm=" + algorithm, e);
    }
  }

  ContentHash add(byte[] values) {
    digest.update(values);
    return this;
  }

  ContentHash add(int[] values) {
    for (int first = 0; first < values.length; first += CHUNK_VALUES) {
      int count = Math.min(CHUNK_VALUES, values.length - first);
      chunk.asIntBuffer().put(values, first, count);
      digest.update(chunk.array(), 0, 4 * count);
    }
    return this;
  }

  ContentHash add(float[] values) {
    for (int first = 0; first < values.length; first += CHUNK_VALUES) {
      int count = Math.min(CHUNK_VALUES, values.length - first);
      chunk.asFloatBuffer().put(values, first, count);
      digest.update(chunk.array(), 0, 4 * count);
    }
    return this;
  }

  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
