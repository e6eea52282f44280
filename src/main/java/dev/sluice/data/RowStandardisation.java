package dev.sluice.data;

/// Gives each row mean 0 and variance 1 on its own, so that nothing has to be fitted:
/// `(x − mean) / √(variance + ε)`, the variance over the row's own values (divided by their number).
///
/// That is layer normalisation (Ba, Kiros, Hinton 2016, arXiv 1607.06450) of the input without gain
/// and bias, which the layer behind it can take into its weights.
final class RowStandardisation {
  /// As PyTorch's LayerNorm has it.
  static final double EPSILON = 1e-5;

  private RowStandardisation() {}

  /// Standardises `values[from … from + count)` in place. The values of a constant row become 0.
  static void applyInPlace(float[] values, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += values[i];
    }
    double mean = sum / count;
    double squares = 0;
    for (int i = from; i < from + count; i++) {
      double deviation = values[i] - mean;
      squares += deviation * deviation;
    }
    double scale = 1 / Math.sqrt(squares / count + EPSILON);
    for (int i = from; i < from + count; i++) {
      values[i] = (float) ((values[i] - mean) * scale);
    }
  }
}
