package dev.sluice.benchmark;

import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;

/// A positive quantity with its uncertainty, kept as a logarithm so that ratios are differences.
///
/// Forks are the independent samples: iterations of one fork share a compilation and a memory layout, so their spread says little.
/// Variances add up and degrees of freedom follow Welch & Satterthwaite.
///
/// @param log natural logarithm of the value
/// @param variance of that logarithm, NaN if there is one fork
/// @param satterthwaite Σ variance² / degrees of freedom, over the quantities that went in
record Estimate(double log, double variance, double satterthwaite) {
  private static final double CONFIDENCE = 0.95;

  /// @param forkMeans one mean per fork, not negative; a quantity that is 0 has no spread that a ratio could use
  static Estimate of(double[] forkMeans) {
    double[] logs = new double[forkMeans.length];
    for (int fork = 0; fork < logs.length; fork++) {
      logs[fork] = Math.log(forkMeans[fork]);
    }
    double mean = StatUtils.mean(logs);
    if (logs.length < 2) {
      return new Estimate(mean, Double.NaN, Double.NaN);
    }
    double variance = StatUtils.variance(logs) / logs.length;
    return new Estimate(mean, variance, variance * variance / (logs.length - 1));
  }

  static Estimate geometricMean(List<Estimate> estimates) {
    double count = estimates.size();
    double log = 0;
    double variance = 0;
    double satterthwaite = 0;
    for (Estimate estimate : estimates) {
      log += estimate.log;
      variance += estimate.variance;
      satterthwaite += estimate.satterthwaite;
    }
    return new Estimate(
        log / count, variance / (count * count), satterthwaite / Math.pow(count, 4));
  }

  Estimate over(Estimate other) {
    return new Estimate(
        log - other.log, variance + other.variance, satterthwaite + other.satterthwaite);
  }

  Estimate thousandth() {
    return new Estimate(log - Math.log(1000), variance, satterthwaite);
  }

  double value() {
    return Math.exp(log);
  }

  /// The value and its confidence interval of 95 %, `1.07 [1.05, 1.09]`; `?` where one fork leaves it open.
  String text(int decimals) {
    String number = "%." + decimals + "f";
    if (Double.isNaN(variance)) {
      return String.format(Locale.ROOT, number + " [?]", value());
    }
    double half = quantile() * Math.sqrt(variance);
    return String.format(
        Locale.ROOT,
        number + " [" + number + ", " + number + "]",
        value(),
        Math.exp(log - half),
        Math.exp(log + half));
  }

  private double quantile() {
    double degreesOfFreedom = variance * variance / satterthwaite;
    return new TDistribution(degreesOfFreedom).inverseCumulativeProbability((1 + CONFIDENCE) / 2);
  }
}
