package dev.sluice.train;

import dev.sluice.data.Dataset;
import java.util.List;

/// One step: load, forward, loss, backward, update.
final class TrainStep {
  private final TrainingState state;
  private final TrainingOptions options;
  private final WorkTeam team;
  private final Dataset training;
  private final long totalSteps;
  private final BudgetController budget;
  private final Work lossAndTransposes;

  /// What a step found out.
  ///
  /// @param lossSum over the rows of the batch
  /// @param macs over the rows of the batch
  /// @param takenBack open gates that the batch had no room for
  /// @param gradientNorm before clipping
  /// @param finite false if loss or gradient are NaN or infinite; the weights are then as they were
  record Outcome(
      int rows,
      double lossSum,
      int rightCount,
      long macs,
      int takenBack,
      double gradientNorm,
      double learningRate,
      double macWeight,
      boolean finite) {}

  TrainStep(
      TrainingState state,
      TrainingOptions options,
      WorkTeam team,
      Dataset training,
      long totalSteps,
      BudgetController budget) {
    this.state = state;
    this.options = options;
    this.team = team;
    this.training = training;
    this.totalSteps = totalSteps;
    this.budget = budget;
    this.lossAndTransposes =
        Work.together(List.of(state.loss.training(), state.network.transposes()));
  }

  /// Gate temperature of a step.
  double temperature(long step) {
    return options.gates().temperature().at((double) step / totalSteps);
  }

  /// Gate threshold of a step.
  double threshold(long step) {
    return options.gates().threshold().at((double) step / totalSteps);
  }

  /// @param step from 0
  /// @param order of the epoch's rows
  /// @param from of the batch in `order`
  Outcome run(long step, int[] order, int from) {
    Network network = state.network;
    Batch batch = network.batch();
    double progress = (double) step / totalSteps;
    batch.set(Math.min(batch.capacity(), order.length - from), true, step);
    network.setGates((float) temperature(step), (float) threshold(step));
    state.plasticity.beforeStep(step, totalSteps);
    long epoch = step / (totalSteps / options.epochs());
    team.run(state.loader.load(training, order, from, epoch));
    network.forward();
    team.run(lossAndTransposes);
    double lossSum = state.loss.lossSum();
    int right = state.loss.rightCount();
    long macs = state.evaluator.batchMacs();
    double relativeMacs = (double) macs / batch.rows() / network.costs().denseMacs();
    double macWeight = budget.weight(relativeMacs, progress);
    network.backward(ramp(progress), macWeight, state.loss.losses());
    double layerSquares = network.squaredNorm(false);
    double gateSquares = network.squaredNorm(true);
    double norm = Math.sqrt(layerSquares + gateSquares);
    boolean finite = Double.isFinite(lossSum) && Double.isFinite(norm);
    double rate = options.learningRate().at(step, totalSteps);
    if (finite) {
      update(step, rate, layerSquares, gateSquares);
      state.plasticity.afterUpdate(step, totalSteps);
    }
    return new Outcome(
        batch.rows(), lossSum, right, macs, network.takenBack(), norm, rate, macWeight, finite);
  }

  private double ramp(double progress) {
    GateOptions gates = options.gates();
    double done = progress - gates.warmUpShare();
    if (done < 0) {
      return 0;
    }
    return gates.rampShare() == 0 ? 1 : Math.min(1, done / gates.rampShare());
  }

  private void update(long step, double rate, double layerSquares, double gateSquares) {
    boolean gatesApart = options.gates().clipNorm() > 0;
    double layerNorm = Math.sqrt(gatesApart ? layerSquares : layerSquares + gateSquares);
    double layerScale = clipScale(options.clipNorm(), layerNorm);
    double gateScale =
        gatesApart ? clipScale(options.gates().clipNorm(), Math.sqrt(gateSquares)) : layerScale;
    team.run(state.optimizer.update(step + 1, rate, layerScale, gateScale));
  }

  private static double clipScale(double largest, double norm) {
    return largest > 0 && norm > largest ? largest / norm : 1;
  }
}
