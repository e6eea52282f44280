package dev.sluice.gate;

import java.util.Arrays;

/// The squared coefficient of variation of what gates get over a batch, `CV² = var/mean²` (variance over gates, divided by their number), and its
/// derivatives: Shazeer et al. 2017, arXiv 1701.06538, of importance and of load.
final class LoadBalance {
  private LoadBalance() {}

  /// @param totals per gate; replaced by the derivatives, `2(x_e − μ)/(Nμ²) − 2var/(Nμ³)`; zeros if the mean is not positive
  static double squaredVariation(double[] totals) {
    int gates = totals.length;
    double mean = 0;
    for (double total : totals) {
      mean += total / gates;
    }
    if (!(mean > 0)) {
      Arrays.fill(totals, 0);
      return 0;
    }
    double variance = 0;
    for (double total : totals) {
      variance += (total - mean) * (total - mean) / gates;
    }
    double square = mean * mean;
    for (int gate = 0; gate < gates; gate++) {
      totals[gate] = 2 * ((totals[gate] - mean) - variance / mean) / (gates * square);
    }
    return variance / square;
  }
}
