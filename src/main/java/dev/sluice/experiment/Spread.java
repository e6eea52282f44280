package dev.sluice.experiment;

import java.util.stream.DoubleStream;

/// A figure over seeds. NaN where it was not measured.
///
/// @param standardDeviation of the sample (divided by count − 1), NaN for a single seed
public record Spread(double mean, double standardDeviation, int count) {
  public static Spread of(double... values) {
    double mean = DoubleStream.of(values).sum() / values.length;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double deviation = values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1));
    return new Spread(mean, deviation, values.length);
  }

  static Spread of(DoubleStream values) {
    return of(values.toArray());
  }
}
