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
/// @param structuralMacs mean over rows of what gates and pruning leave to be executed, gates counted, padding not
/// @param executedMacs what was multiplied: of these what was not skipped as zero, and dead tiles that were not left out
/// @param skippedByGateMacs mean over rows
/// @param gateRatioMean share of gates open, mean over rows; 1 for a dense network
/// @param gateRatioStdDev its standard deviation over rows
/// @param stageShares share of rows that each stage answered
record ModelScore(
    int rows,
    double accuracy,
    double meanSquaredError,
    double meanAbsoluteError,
    long denseMacs,
    double structuralMacs,
    double executedMacs,
    double skippedByGateMacs,
    double gateRatioMean,
    double gateRatioStdDev,
    List<Double> stageShares,
    List<Layer> layers) {
  ModelScore {
    stageShares = List.copyOf(stageShares);
    layers = List.copyOf(layers);
  }

  double relativeMacs() {
    return structuralMacs / denseMacs;
  }

  double skippedAsZeroMacs() {
    return layers.stream().mapToDouble(Layer::skippedAsZeroMacs).sum();
  }

  double skippedAsPrunedMacs() {
    return layers.stream().mapToDouble(Layer::skippedAsPrunedMacs).sum();
  }

  /// Means over rows of one layer.
  ///
  /// @param panelMacs multiplied
  /// @param gateMacs multiplied
  /// @param lightMacs multiplied
  /// @param exitMacs multiplied
  /// @param skippedByGateMacs of the panels
  /// @param skippedAsZeroMacs of every kind
  /// @param skippedAsPrunedMacs of the panels
  /// @param prunedNotSkippedMacs of the panels and those skipped as zero, what no weight was for
  /// @param blockUsage share of rows that ran each block
  record Layer(
      String shape,
      String kind,
      long denseMacs,
      double panelMacs,
      double gateMacs,
      double lightMacs,
      double exitMacs,
      double paddingMacs,
      double skippedByGateMacs,
      double skippedAsZeroMacs,
      double skippedAsPrunedMacs,
      double prunedNotSkippedMacs,
      List<Double> blockUsage) {
    Layer {
      blockUsage = List.copyOf(blockUsage);
    }

    double relativeMacs() {
      double executedMacs = panelMacs + gateMacs + lightMacs + exitMacs;
      return (executedMacs + skippedAsZeroMacs - prunedNotSkippedMacs) / denseMacs;
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
