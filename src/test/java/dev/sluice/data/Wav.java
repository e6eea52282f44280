package dev.sluice.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// WAV files that tests write.
final class Wav {
  private Wav() {}

  static Path write(Path path, int rate, short... samples) throws IOException {
    Files.createDirectories(path.getParent());
    return Files.write(path, bytes(rate, samples));
  }

  /// 44 bytes of header, then the samples.
  static byte[] bytes(int rate, short... samples) {
    int length = 2 * samples.length;
    ByteBuffer wav = ByteBuffer.allocate(44 + length).order(ByteOrder.LITTLE_ENDIAN);
    wav.put(ascii("RIFF")).putInt(36 + length).put(ascii("WAVEfmt ")).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(rate).putInt(2 * rate);
    wav.putShort((short) 2).putShort((short) 16).put(ascii("data")).putInt(length);
    for (short sample : samples) {
      wav.putShort(sample);
    }
    return wav.array();
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static short[] sine(double frequency, int rate, int count) {
    short[] samples = new short[count];
    for (int i = 0; i < count; i++) {
      samples[i] = (short) Math.rint(20_000 * Math.sin(2 * Math.PI * frequency * i / rate));
    }
    return samples;
  }
}
