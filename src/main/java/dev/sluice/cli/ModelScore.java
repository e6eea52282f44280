package dev.sluice.cli;

import dev.sluice.account.MacFormulas;
import java.util.List;

/// How a model did on rows of data, and what it executed for them. Figures that make no sense for
/// the data are NaN.
///
/// @param accuracy share of right answers, NaN for regression
/// @param meanSquaredError over rows and targets, NaN for classification
/// @param meanAbsoluteError the same
/// @param denseMacs of a row with everything open and no gates
/// @param executedMacs mean over rows, gates counted, padding not
/// @param gateRatioMean share of gates open, mean over rows; 1 for a dense network
/// @param gateRatioStdDev its standard deviation over rows
record ModelScore(
    int rows,
    double accuracy,
    double meanSquaredError,
    double meanAbsoluteError,
    long denseMacs,
    double executedMacs,
    double gateRatioMean,
    double gateRatioStdDev,
    List<Layer> layers) {
  ModelScore {
    layers = List.copyOf(layers);
  }

  double relativeMacs() {
    return executedMacs / denseMacs;
  }

  /// Means over rows of one layer.
  ///
  /// @param blockUsage share of rows that ran each block
  record Layer(
      String shape,
      String kind,
      long denseMacs,
      double panelMacs,
      double gateMacs,
      double paddingMacs,
      List<Double> blockUsage) {
    Layer {
      blockUsage = List.copyOf(blockUsage);
    }

    double relativeMacs() {
      return (panelMacs + gateMacs) / denseMacs;
    }

    static long denseMacs(int units, int inputs) {
      return MacFormulas.product(units, inputs);
    }

    double meanUsage() {
      return blockUsage.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    long deadBlocks() {
      return blockUsage.stream().filter(usage -> usage == 0).count();
    }
  }
}
