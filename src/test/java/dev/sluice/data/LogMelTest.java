package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogMelTest {
  private static final int RATE = 16_000;
  private static final LogMel.Settings PAPER = new LogMel.Settings(RATE, 12_800, 512, 400, 320, 40);

  private static float[] features(LogMel.Settings settings, short... samples) {
    float[] values = new float[settings.features()];
    new LogMel(settings).write(samples, values, 0);
    return values;
  }

  /// 2595 · log10(1 + f/700), solved for f.
  private static double frequency(double mel) {
    return 700 * (Math.pow(10, mel / 2595) - 1);
  }

  @Test
  void theSettingsOfThePaperGiveFortyBandsAndFortyOneFrames() {
    assertEquals(41, PAPER.frames());
    assertEquals(1640, PAPER.features());
  }

  /// The middle of band b is its peak, at (b + 1)/41 of the mel scale's length.
  @Test
  void aSineIsLoudestInTheBandAroundItsFrequency() {
    double highest = 2595 * Math.log10(1 + 8000 / 700.0);
    for (int band = 3; band < 40; band += 4) {
      double frequency = frequency(highest * (band + 1) / 41);
      float[] values = features(PAPER, Wav.sine(frequency, RATE, 12_800));
      for (int frame : new int[] {1, 20, 39}) {
        int loudest = 0;
        for (int other = 0; other < 40; other++) {
          if (values[other * 41 + frame] > values[loudest * 41 + frame]) {
            loudest = other;
          }
        }
        assertEquals(band, loudest, "frequency " + frequency + ", frame " + frame);
      }
    }
  }

  /// Σ_k |X[k]|² over all 512 k is 512 · Σ (w x)²; the second half of the spectrum mirrors the first.
  @Test
  void theSpectrumHasTheEnergyOfTheWindowedSound() {
    Random random = new Random(5);
    short[] samples = new short[12_800];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) (8000 * random.nextGaussian());
    }
    for (int frame = 1; frame < 40; frame++) {
      double energy = 0;
      for (int i = 0; i < 400; i++) {
        double window = Math.pow(Math.sin(Math.PI * i / 400), 2);
        energy += Math.pow(window * samples[frame * 320 - 200 + i] / 32768, 2);
      }
      double[] power = new LogMel(PAPER).powerSpectrum(samples, frame);
      double sum = power[0] + power[256];
      for (int k = 1; k < 256; k++) {
        sum += 2 * power[k];
      }
      assertEquals(512 * energy, sum, 1e-9 * sum, "frame " + frame);
    }
  }

  /// The sum of the definition, with the mirror written out, on a short transform.
  @Test
  void theSpectrumIsTheFourierTransformOfTheMirroredSound() {
    LogMel.Settings small = new LogMel.Settings(8000, 40, 32, 20, 10, 4);
    Random random = new Random(6);
    short[] samples = new short[40];
    for (int i = 0; i < 40; i++) {
      samples[i] = (short) random.nextInt(-32768, 32768);
    }
    for (int frame = 0; frame < small.frames(); frame++) {
      double[] power = new LogMel(small).powerSpectrum(samples, frame);
      for (int k = 0; k <= 16; k++) {
        double real = 0;
        double imaginary = 0;
        for (int i = 0; i < 20; i++) {
          int at = Math.abs(frame * 10 - 16 + 6 + i);
          double sample = samples[at < 40 ? at : 78 - at] / 32768.0;
          double value = sample * (0.5 - 0.5 * Math.cos(2 * Math.PI * i / 20));
          real += value * Math.cos(2 * Math.PI * k * (6 + i) / 32);
          imaginary -= value * Math.sin(2 * Math.PI * k * (6 + i) / 32);
        }
        assertEquals(real * real + imaginary * imaginary, power[k], 1e-9, frame + " " + k);
      }
    }
  }

  /// Between the first and the last corner the triangles overlap to 1.
  @Test
  void theFiltersAddUpToOneBetweenTheirPeaks() {
    double[][] filters = MelFilters.of(40, 512, RATE);
    double highest = 2595 * Math.log10(1 + 8000 / 700.0);
    for (int k = 0; k <= 256; k++) {
      double mel = 2595 * Math.log10(1 + k * 31.25 / 700);
      double sum = 0;
      for (double[] filter : filters) {
        assertTrue(filter[k] >= 0 && filter[k] <= 1);
        sum += filter[k];
      }
      if (mel > highest / 41 && mel < 40 * highest / 41) {
        assertEquals(1, sum, 1e-12, "k " + k);
      }
    }
  }

  @Test
  void soundsAreCutOrFilledWithSilence() {
    short[] sound = Wav.sine(440, RATE, 20_000);
    short[] cut = Arrays.copyOf(sound, 12_800);
    assertArrayEquals(features(PAPER, cut), features(PAPER, sound));
    short[] start = Arrays.copyOf(sound, 5000);
    assertArrayEquals(features(PAPER, start), features(PAPER, Arrays.copyOf(start, 12_800)));
    assertArrayEquals(new float[1640], features(PAPER));
  }

  @Test
  void settingsThatCannotBeComputedAreRefused() {
    Complaint.of(
        () -> new LogMel.Settings(8000, 6400, 500, 200, 160, 40), "fft is not a power of two");
    Complaint.of(() -> new LogMel.Settings(8000, 6400, 256, 300, 160, 40), "window exceeds fft");
    Complaint.of(() -> new LogMel.Settings(8000, 128, 256, 200, 160, 40), "sound too short");
    Complaint.of(
        () -> new LogMel(new LogMel.Settings(8000, 6400, 64, 64, 32, 40)),
        "mel band holds no frequency of the transform: band=0");
  }
}
