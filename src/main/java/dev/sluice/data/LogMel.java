package dev.sluice.data;

import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.TransformType;

/// Sound to a picture of its spectrum over time: `bands × frames` values, band by band.
///
/// ```
/// x     samples / 32768: the first `samples`, zeros behind a shorter sound
/// X_t   DFT of length `fft` of x around t · hop, times a periodic Hann window of length `window`
///       in its middle; x is mirrored at both ends
/// m     Σ_k filter[band][k] · |X_t[k]|²                     see MelFilters
/// y     ln(m + 10⁻⁶), then RowStandardisation over all values of the sound
/// ```
///
/// One object serves one thread.
final class LogMel {
  private static final double LOG_FLOOR = 1e-6;

  /// @param rate samples a second
  /// @param samples that are looked at
  /// @param fft length of a transform, a power of two
  /// @param window samples that a frame sees, at most `fft`
  /// @param hop samples from frame to frame
  record Settings(int rate, int samples, int fft, int window, int hop, int bands) {
    Settings {
      if (Integer.bitCount(fft) != 1) {
        throw new DatasetException("fft is not a power of two: fft=" + fft);
      }
      if (window > fft) {
        throw new DatasetException("window exceeds fft: window=" + window + ", fft=" + fft);
      }
      if (samples <= fft / 2) {
        throw new DatasetException(
            "sound too short to be mirrored: samples=" + samples + ", expected=" + fft / 2 + " <");
      }
    }

    int frames() {
      return samples / hop + 1;
    }

    int features() {
      return Math.multiplyExact(bands, frames());
    }

    Map<String, String> describe() {
      Map<String, String> settings = new TreeMap<>();
      settings.put("rate", rate + "");
      settings.put("samples", samples + "");
      settings.put("fft", fft + "");
      settings.put("window", window + "");
      settings.put("hop", hop + "");
      settings.put("bands", bands + "");
      settings.put("standardise", "row");
      return settings;
    }
  }

  private final Settings settings;
  private final double[] hann;
  private final double[][] filters;
  private final double[] sound;
  private final double[] real;
  private final double[] imaginary;
  private final double[] power;

  LogMel(Settings settings) {
    this.settings = settings;
    this.hann = hann(settings.window);
    this.filters = MelFilters.of(settings.bands, settings.fft, settings.rate);
    this.sound = new double[settings.samples];
    this.real = new double[settings.fft];
    this.imaginary = new double[settings.fft];
    this.power = new double[settings.fft / 2 + 1];
  }

  private static double[] hann(int length) {
    double[] window = new double[length];
    for (int i = 0; i < length; i++) {
      window[i] = 0.5 - 0.5 * StrictMath.cos(2 * Math.PI * i / length);
    }
    return window;
  }

  /// Writes the standardised features of a sound to `values[from … from + features)`.
  void write(short[] samples, float[] values, int from) {
    load(samples);
    int frames = settings.frames();
    for (int frame = 0; frame < frames; frame++) {
      transform(frame);
      for (int band = 0; band < filters.length; band++) {
        values[from + band * frames + frame] =
            (float) StrictMath.log(weighted(filters[band]) + LOG_FLOOR);
      }
    }
    RowStandardisation.applyInPlace(values, from, settings.features());
  }

  private void load(short[] samples) {
    for (int i = 0; i < sound.length; i++) {
      sound[i] = i < samples.length ? samples[i] / 32768.0 : 0;
    }
  }

  /// `|X_t[k]|²` for `k` from 0 to `fft / 2`, in an array that is reused.
  double[] powerSpectrum(short[] samples, int frame) {
    load(samples);
    transform(frame);
    return power;
  }

  private void transform(int frame) {
    int margin = (settings.fft - settings.window) / 2;
    int first = frame * settings.hop - settings.fft / 2;
    for (int i = 0; i < settings.fft; i++) {
      int inWindow = i - margin;
      boolean seen = inWindow >= 0 && inWindow < settings.window;
      real[i] = seen ? hann[inWindow] * sound[mirrored(first + i)] : 0;
      imaginary[i] = 0;
    }
    FastFourierTransformer.transformInPlace(
        new double[][] {real, imaginary}, DftNormalization.STANDARD, TransformType.FORWARD);
    for (int k = 0; k < power.length; k++) {
      power[k] = real[k] * real[k] + imaginary[k] * imaginary[k];
    }
  }

  /// The mirror stands in the first and last sample, which are not repeated.
  private int mirrored(int index) {
    int right = index < 0 ? -index : index;
    return right < sound.length ? right : 2 * (sound.length - 1) - right;
  }

  private double weighted(double[] filter) {
    double sum = 0;
    for (int k = 0; k < power.length; k++) {
      sum += filter[k] * power[k];
    }
    return sum;
  }
}
