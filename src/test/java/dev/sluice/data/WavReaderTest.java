package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WavReaderTest {
  private static final int RATE = 8000;
  private static final short[] SAMPLES = {1, -1, 32767, -32768, 0};

  @TempDir Path folder;

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("a.wav"), content);
  }

  @Test
  void samplesAreSignedAndLittleEndian() throws IOException {
    assertArrayEquals(SAMPLES, WavReader.read(file(Wav.bytes(RATE, SAMPLES)), RATE));
  }

  /// A chunk of odd length is padded.
  @Test
  void otherChunksArePassedOver() throws IOException {
    byte[] plain = Wav.bytes(RATE, SAMPLES);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.write(plain, 0, 36);
    content.write(Wav.ascii("LIST"));
    content.write(new byte[] {3, 0, 0, 0, 'a', 'b', 'c', 0});
    content.write(plain, 36, plain.length - 36);
    content.write(Wav.ascii("LISTnoise"));
    assertArrayEquals(SAMPLES, WavReader.read(file(content.toByteArray()), RATE));
  }

  @Test
  void everyCutIsNoticed() throws IOException {
    byte[] whole = Wav.bytes(RATE, SAMPLES);
    for (int length = 0; length < whole.length; length++) {
      Path cut = file(Arrays.copyOf(whole, length));
      Complaint.of(() -> WavReader.read(cut, RATE), "wav file truncated: path=" + cut, "offset=");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 88, wav magic differs",
    "8, 88, wav magic differs",
    "16, 14, wav format chunk too short",
    "20, 3, wav format (1: PCM) differs",
    "22, 2, wav channels differs",
    "24, 65, 'wav rate differs'",
    "32, 4, wav bytes a frame differs",
    "34, 8, wav bits a sample differs",
    "40, 9, wav data are not whole samples",
    "43, 127, wav chunk too large: chunk=data",
    "12, 88, wav chunks before data differs",
  })
  void eachFieldOfTheHeaderIsChecked(int offset, int value, String begin) throws IOException {
    byte[] wav = Wav.bytes(RATE, SAMPLES);
    wav[offset] = (byte) value;
    Path file = file(wav);
    Complaint.of(
        () -> WavReader.read(file, RATE), begin, "path=" + file, "offset=", "expected=", "actual=");
  }

  @Test
  void anotherRateIsNamed() throws IOException {
    Path file = file(Wav.bytes(16_000, SAMPLES));
    Complaint.of(
        () -> WavReader.read(file, RATE), "wav rate differs", "expected=8000, actual=16000");
  }
}
