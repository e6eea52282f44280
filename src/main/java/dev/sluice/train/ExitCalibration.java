package dev.sluice.train;

import dev.sluice.runtime.Dial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// Chooses the thresholds of exits from what stages answered to validation rows.
///
/// One exit: the largest threshold whose mean MACs are within the budget, as more rows that go on can only cost more. Several: the same
/// quantile of all exits' confidences at first; then, exit by exit, thresholds at equally spaced quantiles are tried, the last exit spending what the
/// others leave of the budget, and what answers more rows right is kept, until a round brings nothing.
public final class ExitCalibration {
  /// More than any confidence: no row stops.
  public static final float NEVER = 2f;

  /// Fewer than the rows that a percent of accuracy is of, so that the search does not learn the validation rows by heart.
  private static final int QUANTILES = 32;

  private static final int ROUNDS = 4;

  private final ExitTable table;
  private final int exits;
  private final float[][] sorted;

  public ExitCalibration(ExitTable table) {
    this.table = table;
    this.exits = table.answers() - 1;
    this.sorted = new float[exits][table.rows()];
    for (int exit = 0; exit < exits; exit++) {
      for (int row = 0; row < table.rows(); row++) {
        sorted[exit][row] = table.confidence(exit, row);
      }
      Arrays.sort(sorted[exit]);
    }
  }

  /// Thresholds whose mean relative MACs on the table's rows are at most `relativeMacs`; where none are, the cheapest there are. Gate shift 0.
  public Dial.Setting forBudget(double relativeMacs) {
    List<Float> thresholds = new ArrayList<>(Collections.nCopies(exits, threshold(0, 0)));
    if (exits > 0 && table.relativeMacs(thresholds) <= relativeMacs) {
      int common = largest(index -> setAll(thresholds, index), thresholds, relativeMacs);
      setAll(thresholds, common);
      spendRest(thresholds, relativeMacs);
      for (int round = 0; round < ROUNDS && improve(thresholds, relativeMacs); round++) {}
    }
    return setting(thresholds, 0);
  }

  private interface Position {
    void set(int index);
  }

  /// The last of `0 … rows` that is within the budget; 0 must be.
  private int largest(Position position, List<Float> thresholds, double budget) {
    int low = 0;
    int high = table.rows();
    while (low < high) {
      int middle = (low + high + 1) / 2;
      position.set(middle);
      if (table.relativeMacs(thresholds) <= budget) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private void setAll(List<Float> thresholds, int index) {
    for (int exit = 0; exit < exits; exit++) {
      thresholds.set(exit, threshold(exit, index));
    }
  }

  /// @return false if even the lowest threshold of the last exit exceeds the budget
  private boolean spendRest(List<Float> thresholds, double budget) {
    int last = exits - 1;
    thresholds.set(last, threshold(last, 0));
    if (table.relativeMacs(thresholds) > budget) {
      return false;
    }
    int index = largest(at -> thresholds.set(last, threshold(last, at)), thresholds, budget);
    thresholds.set(last, threshold(last, index));
    return true;
  }

  private boolean improve(List<Float> thresholds, double budget) {
    int before = table.rightCount(thresholds);
    int most = before;
    for (int exit = 0; exit < exits - 1; exit++) {
      for (int quantile = 0; quantile <= QUANTILES; quantile++) {
        List<Float> tried = new ArrayList<>(thresholds);
        int index = (int) ((long) quantile * table.rows() / QUANTILES);
        tried.set(exit, threshold(exit, index));
        if (spendRest(tried, budget) && table.rightCount(tried) > most) {
          most = table.rightCount(tried);
          Collections.copy(thresholds, tried);
        }
      }
    }
    return most > before;
  }

  /// All rows but the `index` least confident ones stop; at 0 all do, also those not seen here.
  private float threshold(int exit, int index) {
    if (index == 0) {
      return 0f;
    }
    return index < table.rows() && !Float.isNaN(sorted[exit][index]) ? sorted[exit][index] : NEVER;
  }

  /// What these thresholds bring on the table's rows.
  Dial.Setting setting(List<Float> thresholds, float gateShift) {
    double accuracy = (double) table.rightCount(thresholds) / table.rows();
    return new Dial.Setting(table.relativeMacs(thresholds), accuracy, thresholds, gateShift);
  }

  /// Settings for budgets in equal ratios from that of rows which all stop at the first stage to that of rows which all go through.
  List<Dial.Setting> settings(int budgets, float gateShift) {
    List<Dial.Setting> settings = new ArrayList<>();
    double low = table.relativeMacs(Collections.nCopies(exits, 0f));
    double high = table.relativeMacs(Collections.nCopies(exits, NEVER));
    for (int step = 0; step < budgets; step++) {
      double share = budgets == 1 ? 1 : (double) step / (budgets - 1);
      double budget = step == budgets - 1 ? high : low * StrictMath.pow(high / low, share);
      settings.add(setting(forBudget(budget).exitThresholds(), gateShift));
    }
    return settings;
  }

  /// A dial of up to `budgets` settings.
  public Dial dial(int budgets) {
    return new Dial(undominated(settings(budgets, 0)));
  }

  /// Ascending in cost and accuracy: what is no better than something cheaper is left out.
  static List<Dial.Setting> undominated(List<Dial.Setting> settings) {
    List<Dial.Setting> ascending = new ArrayList<>(settings);
    ascending.sort(
        java.util.Comparator.comparingDouble(Dial.Setting::relativeMacs)
            .thenComparingDouble(setting -> -setting.accuracy()));
    List<Dial.Setting> kept = new ArrayList<>();
    for (Dial.Setting setting : ascending) {
      if (kept.isEmpty() || setting.accuracy() > kept.getLast().accuracy()) {
        kept.add(setting);
      }
    }
    return kept;
  }
}
