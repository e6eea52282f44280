package dev.sluice.data;

/// Triangular filters whose corners lie evenly on the mel scale from 0 to half the rate.
///
/// ```
/// mel(f) = 2595 · log10(1 + f/700)                                  O'Shaughnessy 1987
/// filter b rises from 0 at corner b to 1 at corner b + 1 and falls to 0 at corner b + 2; bands + 2 corners
/// ```
final class MelFilters {
  private MelFilters() {}

  /// Weights `(bands, fft / 2 + 1)` of the frequencies `k · rate / fft`.
  ///
  /// @throws DatasetException if a band holds none of the frequencies
  static double[][] of(int bands, int fft, int rate) {
    double[] corners = corners(bands, rate);
    double[][] filters = new double[bands][fft / 2 + 1];
    for (int band = 0; band < bands; band++) {
      double highest = 0;
      for (int k = 0; k <= fft / 2; k++) {
        double frequency = (double) k * rate / fft;
        double rising = (frequency - corners[band]) / (corners[band + 1] - corners[band]);
        double falling = (corners[band + 2] - frequency) / (corners[band + 2] - corners[band + 1]);
        filters[band][k] = Math.max(0, Math.min(rising, falling));
        highest = Math.max(highest, filters[band][k]);
      }
      if (highest == 0) {
        throw new DatasetException(
            "mel band holds no frequency of the transform: band="
                + band
                + ", bands="
                + bands
                + ", fft="
                + fft
                + "; ask for fewer bands or a longer fft");
      }
    }
    return filters;
  }

  private static double[] corners(int bands, int rate) {
    double highest = mel(rate / 2.0);
    double[] corners = new double[bands + 2];
    for (int i = 0; i < corners.length; i++) {
      corners[i] = 700 * (StrictMath.pow(10, highest * i / (bands + 1) / 2595) - 1);
    }
    return corners;
  }

  private static double mel(double frequency) {
    return 2595 * StrictMath.log10(1 + frequency / 700);
  }
}
