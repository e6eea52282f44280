package dev.sluice.train;

/// Range checks with one form of message: `<what> out of range: <name>=<value>, expected=<range>`.
final class OptionChecks {
  private OptionChecks() {}

  static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw outOfRange(name, value, "at least " + least);
    }
  }

  /// `low ≤ value ≤ high`, and finite.
  static void within(String name, double value, double low, double high) {
    if (!(value >= low && value <= high) || Double.isInfinite(value)) {
      throw outOfRange(name, value, Double.isInfinite(high) ? low + ".." : low + ".." + high);
    }
  }

  /// `low ≤ value < high`
  static void below(String name, double value, double low, double high) {
    if (!(value >= low && value < high)) {
      throw outOfRange(name, value, low + " to below " + high);
    }
  }

  /// `low < value < high`
  static void between(String name, double value, double low, double high) {
    if (!(value > low && value < high)) {
      throw outOfRange(
          name,
          value,
          Double.isInfinite(high) ? "above " + low : "between " + low + " and " + high);
    }
  }

  private static IllegalArgumentException outOfRange(String name, Object value, String range) {
    return new IllegalArgumentException(
        "training option out of range: " + name + "=" + value + ", expected=" + range);
  }
}
