package dev.sluice.report;

import java.util.Locale;

/// Figures with their units, for people; the same on every machine, whatever its language. NaN is
/// shown as `–`: there is no such figure.
public final class Figures {
  private static final String NONE = "–";
  private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Figures() {}

  /// `0.9834` as `98.34 %`.
  public static String percent(double share) {
    return Double.isNaN(share) ? NONE : format("%.2f %%", 100 * share);
  }

  /// Four decimals, as for shares of MACs: `0.2512`.
  public static String share(double value) {
    return Double.isNaN(value) ? NONE : format("%.4f", value);
  }

  /// Four significant digits, as for losses and rates.
  public static String compact(double value) {
    if (Double.isNaN(value)) {
      return NONE;
    }
    double magnitude = Math.abs(value);
    boolean isPlain = value == 0 || (magnitude >= 1e-3 && magnitude < 1e6);
    return isPlain ? format("%.4g", value) : format("%.2e", value);
  }

  /// `3.9×`
  public static String times(double factor) {
    return Double.isNaN(factor) ? NONE : format("%.2f×", factor);
  }

  /// `668,672`
  public static String count(long value) {
    return format("%,d", value);
  }

  /// A mean count: `168,012.4`, without decimals where it is whole.
  public static String meanCount(double value) {
    if (Double.isNaN(value)) {
      return NONE;
    }
    return value == Math.rint(value) ? count((long) value) : format("%,.1f", value);
  }

  /// Nanoseconds as microseconds: `12.40 µs`.
  public static String micros(double nanos) {
    return Double.isNaN(nanos) ? NONE : format("%.2f µs", nanos / 1e3);
  }

  /// `2.55 MiB`; bytes below 1 KiB have no decimals.
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : format("%.2f %s", value, BYTE_UNITS[unit]);
  }

  /// Whole seconds as `47 s`, `3:09 min` or `2:03:09 h`.
  public static String duration(double seconds) {
    if (Double.isNaN(seconds) || Double.isInfinite(seconds)) {
      return NONE;
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600
        ? format("%d:%02d min", whole / 60, whole % 60)
        : format("%d:%02d:%02d h", whole / 3600, whole / 60 % 60, whole % 60);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
