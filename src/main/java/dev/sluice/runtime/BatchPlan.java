package dev.sluice.runtime;

import dev.sluice.account.MacCounter;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.Matrix;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/// The steps a batch takes through a network, bound once to weights, kernels and memory: stage by stage, with the rows that no exit has stopped.
///
/// Per layer: its gate's products for all rows, the rows grouped by the blocks they open, block by
/// block the rows of its group. What is closed is 0 and read as such: the same sums as without it,
/// bit for bit.
final class BatchPlan {
  /// @param rows that got to the stage in the last run
  /// @param values of the head, before softmax or sigmoid
  /// @param exit null for the last stage under confidence exits
  record Stage(
      BatchRows rows,
      BatchStep[] steps,
      BatchLayerMacs[] layers,
      Matrix values,
      @Nullable BatchExit exit) {}

  private final Stage[] stages;
  private final Matrix input;
  private final Matrix answers;
  private final OutputStage output;
  private final PlanGates gates;
  private final Matrix[] constants;
  private final boolean halts;
  private final int[] stageOfRow;
  private final int[][] readable;
  private boolean ignoresExits;
  private int lastStage;

  private BatchPlan(ModelSpec spec, BatchPlanBinder binder) {
    this.stages = binder.stages().toArray(Stage[]::new);
    this.input = binder.input();
    this.answers = binder.answers();
    this.output = binder.output();
    this.gates = binder.gates();
    this.constants = binder.constants().toArray(Matrix[]::new);
    this.halts = binder.halts();
    this.lastStage = stages.length - 1;
    this.stageOfRow = new int[input.rows()];
    this.readable = new int[spec.layers().size()][input.rows()];
  }

  static BatchPlan bind(Model model, Kernels kernels, int maximumRows, Arena arena) {
    ShapeCheck.require(model);
    BatchPlanBinder binder = new BatchPlanBinder(model, kernels, maximumRows, arena);
    binder.addStages();
    return new BatchPlan(model.spec(), binder);
  }

  Matrix input() {
    return input;
  }

  /// See [PlanGates#mostOpen].
  int[] mostOpenGates() {
    return gates.mostOpen();
  }

  void set(Limits limits) {
    gates.set(limits);
    // Blocks that are closed from now on would keep what they have.
    for (Matrix constant : constants) {
      constant.data().fill((byte) 0);
    }
    lastStage = limits.lastStage();
    for (int index = 0; index < stages.length; index++) {
      if (stages[index].exit instanceof BatchExit.OfConfidence confidence) {
        confidence.setThreshold(limits.thresholds()[index]);
      }
    }
  }

  /// Whether rows go through all stages whatever their exits say: so that all code gets warm.
  void ignoreExits(boolean ignores) {
    ignoresExits = ignores;
  }

  void run(int rows) {
    for (Stage stage : stages) {
      stage.rows.clear();
    }
    for (int row = 0; row < rows; row++) {
      stages[0].rows.add(row);
    }
    for (int index = 0; index <= lastStage && stages[index].rows.count() > 0; index++) {
      Stage stage = stages[index];
      for (BatchStep step : stage.steps) {
        step.run(stage.rows.count());
      }
      leave(index, stage);
    }
  }

  /// Rows stop or go on to the next stage.
  private void leave(int index, Stage stage) {
    BatchExit exit = stage.exit;
    boolean isLast = index == lastStage;
    if (exit != null && !isLast) {
      exit.prepare(stage.rows.count());
    }
    for (int position = 0; position < stage.rows.count(); position++) {
      int row = stage.rows.row(position);
      stageOfRow[row] = index;
      if (isLast) {
        if (exit != null) {
          exit.end(position, row);
        }
      } else if (exit == null || !exit.stops(position, row) || ignoresExits) {
        stages[index + 1].rows.add(row);
      }
    }
  }

  /// The stage that answered a row of the last run.
  int stage(int row) {
    return stageOfRow[row];
  }

  /// Where a row's answer begins before softmax or sigmoid.
  Matrix values(int row) {
    return halts ? answers : stages[stageOfRow[row]].values;
  }

  /// In [#values], where the row's begin.
  int valuesOffsetBytes(int row) {
    if (halts) {
      return answers.rowOffsetBytes(row);
    }
    Stage stage = stages[stageOfRow[row]];
    return stage.values.rowOffsetBytes(stage.rows.position(row));
  }

  /// Makes a row's answer one in the blueprint's output form; once per run and row, after [#values].
  ///
  /// @return where it is, in the row of [#answerOffsetBytes]
  Matrix answer(int row) {
    if (isReady(row)) {
      return answers;
    }
    Matrix values = values(row);
    output.apply(values.data(), valuesOffsetBytes(row));
    return values;
  }

  int answerOffsetBytes(int row) {
    return isReady(row) ? answers.rowOffsetBytes(row) : valuesOffsetBytes(row);
  }

  /// An exit of confidence has made it.
  private boolean isReady(int row) {
    return !halts && stageOfRow[row] < lastStage;
  }

  /// Adds what the last run, of `rows` rows, executed and what its rows would execute one by one.
  void count(int rows, MacCounter executed, MacCounter structural) {
    for (int index = 0; index < stages.length; index++) {
      Stage stage = stages[index];
      int ran = index <= lastStage && rows > 0 ? stage.rows.count() : 0;
      for (int layer = 0; layer < stage.layers.length; layer++) {
        boolean isHead = layer == stage.layers.length - 1;
        boolean halting = halts && isHead && index < lastStage;
        if (ran > 0) {
          stage.layers[layer].count(stage.rows, readable, halting, executed, structural);
        }
        stage.layers[layer].countNotRun(rows - ran, executed, structural);
      }
    }
  }
}
