package dev.sluice.model;

import java.util.Locale;

/// How a stage decides, row by row, whether its answer is the network's.
public sealed interface ExitSpec {
  /// Stops where the stage's own outputs are confident: `confidence ≥ threshold`.
  ///
  /// @param threshold in the measure's units; above its largest value no row stops
  record Confidence(Measure measure, float threshold) implements ExitSpec {
    public Confidence {
      if (Float.isNaN(threshold)) {
        throw new IllegalArgumentException("exit threshold is not a number");
      }
    }

    public Confidence withThreshold(float newThreshold) {
      return new Confidence(measure, newThreshold);
    }
  }

  /// Adaptive computation time (Graves, arXiv 1603.08983): stage `t` has a halting unit `h_t = σ(w·s_t + b)` over the input of its last
  /// layer; a row stops at the first stage where `Σ h ≥ 1 − epsilon`, or at the last, and its answer is `Σ p_t y_t`, `p_t = h_t`, at the last
  /// `R = 1 − Σ_{t<N} h_t`; `y_t` are outputs before softmax or sigmoid.
  ///
  /// @param epsilon in (0, 1); 0.01 as published
  record Halting(float epsilon) implements ExitSpec {
    public Halting {
      if (!(epsilon > 0 && epsilon < 1)) {
        throw new IllegalArgumentException(
            "halting epsilon is not between 0 and 1: epsilon=" + epsilon);
      }
    }
  }

  /// What confidence is.
  enum Measure {
    /// The largest probability: of classes, or of a label and its opposite (the least certain label's).
    MAX_PROBABILITY,
    /// The largest probability less the second largest.
    MARGIN,
    /// `1 − H/ln K`, `H` the entropy of K classes.
    ENTROPY;

    public String specName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Measure ofSpecName(String specName) {
      for (Measure measure : values()) {
        if (measure.specName().equals(specName)) {
          return measure;
        }
      }
      throw new IllegalArgumentException(
          "unknown measure of confidence: name="
              + specName
              + ", known=max-probability, margin, entropy");
    }
  }
}
