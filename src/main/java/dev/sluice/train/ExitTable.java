package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.model.Model;
import java.util.Collections;
import java.util.List;

/// What each stage of a network answers to each row of a dataset, and at which cost: all that thresholds of exits need to be chosen, computed
/// once. A network of one stage, or one that halts, has one answer per row.
public final class ExitTable {
  private final int rows;
  private final long denseMacs;
  private final boolean hasAccuracy;
  private final float[][] confidences;
  private final boolean[][] right;
  private final long[][] macs;
  private final double[][] losses;
  private final double[] gateRatios;

  /// @param denseMacs what relative MACs are relative to
  /// @param hasAccuracy false for regression
  ExitTable(int rows, int answers, long denseMacs, boolean hasAccuracy) {
    this.rows = rows;
    this.denseMacs = denseMacs;
    this.hasAccuracy = hasAccuracy;
    this.confidences = new float[answers][rows];
    this.right = new boolean[answers][rows];
    this.macs = new long[answers][rows];
    this.losses = new double[answers][rows];
    this.gateRatios = new double[rows];
  }

  /// Runs every row through all stages of a model of f32 weights; its exits and gates stay as they are.
  public static ExitTable of(Model model, Dataset dataset) {
    try (ModelCalibration calibration = ModelCalibration.of(model, dataset)) {
      return calibration.table(0);
    }
  }

  /// Rows may be set at the same time.
  void set(int answer, int row, float confidence, boolean isRight, long macsSoFar, double loss) {
    confidences[answer][row] = confidence;
    right[answer][row] = isRight;
    macs[answer][row] = macsSoFar;
    losses[answer][row] = loss;
  }

  void setGateRatio(int row, double openShare) {
    gateRatios[row] = openShare;
  }

  public int rows() {
    return rows;
  }

  /// Stages that can answer.
  public int answers() {
    return macs.length;
  }

  /// How sure a stage is of its answer; only of stages with an exit.
  public float confidence(int stage, int row) {
    return confidences[stage][row];
  }

  public boolean isRight(int stage, int row) {
    return right[stage][row];
  }

  /// MACs of a row that stops at `stage`, those of earlier stages, gates and halting units counted.
  public long macs(int stage, int row) {
    return macs[stage][row];
  }

  /// The stage that answers a row.
  ///
  /// @param thresholds one per stage but the last
  public int answer(int row, List<Float> thresholds) {
    requireThresholds(thresholds);
    for (int stage = 0; stage < thresholds.size(); stage++) {
      if (confidences[stage][row] >= thresholds.get(stage)) {
        return stage;
      }
    }
    return macs.length - 1;
  }

  private void requireThresholds(List<Float> thresholds) {
    if (thresholds.size() != macs.length - 1) {
      throw new IllegalArgumentException(
          "exit thresholds differ from exits: expected="
              + (macs.length - 1)
              + ", actual="
              + thresholds.size());
    }
  }

  /// Mean relative MACs with these thresholds.
  public double relativeMacs(List<Float> thresholds) {
    long sum = 0;
    for (int row = 0; row < rows; row++) {
      sum += macs[answer(row, thresholds)][row];
    }
    return (double) sum / rows / denseMacs;
  }

  /// Mean relative MACs if all rows go through all stages.
  public double fullRelativeMacs() {
    return relativeMacs(Collections.nCopies(macs.length - 1, ExitCalibration.NEVER));
  }

  /// Right answers with these thresholds.
  public int rightCount(List<Float> thresholds) {
    int count = 0;
    for (int row = 0; row < rows; row++) {
      count += right[answer(row, thresholds)][row] ? 1 : 0;
    }
    return count;
  }

  /// Rows that each stage answers.
  public int[] answered(List<Float> thresholds) {
    int[] counts = new int[macs.length];
    for (int row = 0; row < rows; row++) {
      counts[answer(row, thresholds)]++;
    }
    return counts;
  }

  /// What the network does with these thresholds, row by row as a predictor would.
  public Evaluation evaluation(List<Float> thresholds) {
    double loss = 0;
    double ratio = 0;
    double squares = 0;
    for (int row = 0; row < rows; row++) {
      loss += losses[answer(row, thresholds)][row];
      ratio += gateRatios[row];
      squares += gateRatios[row] * gateRatios[row];
    }
    double mean = ratio / rows;
    return new Evaluation(
        rows,
        loss / rows,
        hasAccuracy ? (double) rightCount(thresholds) / rows : Double.NaN,
        relativeMacs(thresholds),
        mean,
        Math.sqrt(Math.max(0, squares / rows - mean * mean)));
  }
}
