package dev.sluice.train;

import dev.sluice.data.Dataset;
import java.util.List;
import java.util.Objects;

/// Runs a dataset through the network that is being trained, as it would be executed: thresholds decide, nothing is dropped.
final class Evaluator {
  private final WorkTeam team;
  private final Network network;
  private final BatchLoader loader;
  private final LossPass loss;
  private final boolean hasAccuracy;
  private final List<GateDecisions> gates;
  private final int gateCount;

  /// @param hasAccuracy false for regression
  Evaluator(
      WorkTeam team, Network network, BatchLoader loader, LossPass loss, boolean hasAccuracy) {
    this.team = team;
    this.network = network;
    this.loader = loader;
    this.loss = loss;
    this.hasAccuracy = hasAccuracy;
    this.gates = network.decisions().stream().filter(Objects::nonNull).toList();
    this.gateCount = gates.stream().mapToInt(GateDecisions::gates).sum();
  }

  Evaluation evaluate(Dataset dataset) {
    int rows = dataset.rows();
    double lossSum = 0;
    long right = 0;
    long macs = 0;
    double ratioSum = 0;
    double ratioSquares = 0;
    for (int from = 0; from < rows; from += network.batch().capacity()) {
      forward(dataset, from);
      team.run(loss.task());
      lossSum += loss.lossSum();
      right += loss.rightCount();
      macs += batchMacs();
      for (int row = 0; row < network.batch().rows(); row++) {
        double ratio = gateRatio(row);
        ratioSum += ratio;
        ratioSquares += ratio * ratio;
      }
    }
    double ratioMean = ratioSum / rows;
    return new Evaluation(
        rows,
        lossSum / rows,
        hasAccuracy ? (double) right / rows : Double.NaN,
        relative(macs, rows),
        ratioMean,
        Math.sqrt(Math.max(0, ratioSquares / rows - ratioMean * ratioMean)));
  }

  /// Mean relative MACs alone.
  double relativeMacs(Dataset dataset) {
    long macs = 0;
    for (int from = 0; from < dataset.rows(); from += network.batch().capacity()) {
      forward(dataset, from);
      macs += batchMacs();
    }
    return relative(macs, dataset.rows());
  }

  private void forward(Dataset dataset, int from) {
    Batch batch = network.batch();
    batch.set(Math.min(batch.capacity(), dataset.rows() - from), false, 0);
    team.run(loader.load(dataset, from));
    network.forward();
  }

  /// MACs that the rows of the last batch executed.
  long batchMacs() {
    long macs = 0;
    for (int row = 0; row < network.batch().rows(); row++) {
      macs += network.costs().macs(row);
    }
    return macs;
  }

  private double relative(long macs, long rows) {
    return (double) macs / rows / network.costs().denseMacs();
  }

  private double gateRatio(int row) {
    if (gateCount == 0) {
      return 1;
    }
    int open = 0;
    for (GateDecisions gate : gates) {
      open += gate.openGates(row);
    }
    return (double) open / gateCount;
  }
}
