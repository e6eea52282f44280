package dev.sluice.runtime;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.Matrix;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/// Answers whole batches, bit for bit as a [Predictor] answers their rows one by one.
///
/// Rows are grouped by the blocks they open, and a block runs over its rows at once; rows that an exit stops leave the batch. Runs on the calling thread, which must be the one
/// that created it or that called [#attach] last; allocates nothing per call. Holds memory for its largest batch until it is closed. Constant
/// gates are decided at creation: it does not follow weights that change afterwards.
public final class BatchPredictor implements AutoCloseable {
  private final Model model;
  private final ModelSpec spec;
  private final int maximumRows;
  private final FeatureCheck check;
  private final Kernels kernels;
  private final Arena arena = Arena.ofShared();
  private final BatchPlan plan;
  private final MacCounter macs;
  private final MacCounter structuralMacs;
  private final ThreadOwner owner = new ThreadOwner("batch predictor");
  private int answeredRows;

  /// For batches of up to `maximumRows` rows, with the machine's kernels and no check of features.
  public static BatchPredictor of(Model model, int maximumRows) {
    return of(model, maximumRows, FeatureCheck.NONE);
  }

  public static BatchPredictor of(Model model, int maximumRows, FeatureCheck check) {
    return of(model, maximumRows, check, KernelProvider.kernels());
  }

  public static BatchPredictor of(
      Model model, int maximumRows, FeatureCheck check, Kernels kernels) {
    if (maximumRows < 1) {
      throw new IllegalArgumentException(
          "maximum of rows is not positive: maximumRows=" + maximumRows);
    }
    return new BatchPredictor(model, maximumRows, check, kernels);
  }

  private BatchPredictor(Model model, int maximumRows, FeatureCheck check, Kernels kernels) {
    this.model = model;
    this.spec = model.spec();
    this.maximumRows = maximumRows;
    this.check = check;
    this.kernels = kernels;
    this.plan = bindOrFree(model);
    this.macs = new MacCounter(spec.layers().size());
    this.structuralMacs = new MacCounter(spec.layers().size());
  }

  private BatchPlan bindOrFree(Model boundModel) {
    try {
      return BatchPlan.bind(boundModel, kernels, maximumRows, arena);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /// Has the code that batches run compiled before the first one, see [WarmUp]; takes [WarmUp#DEFAULT_BUDGET] at most.
  public void warmUp() {
    warmUp(WarmUp.DEFAULT_BUDGET);
  }

  /// Leaves no trace: nothing was answered or counted, the last batch's counts stay.
  ///
  /// @param budget the longest time it may take, 0 for none
  public void warmUp(Duration budget) {
    requireOpen();
    ShapeCheck.requireOpen(model);
    WarmUp.batches(model, kernels, budget);
  }

  /// Keeps to `budget` from the next batch on; batches themselves allocate nothing for it.
  ///
  /// @throws IllegalArgumentException if the budget needs a [Dial] that the model lacks, or is below the smallest cost there is, which is named; the
  ///     former budget stays then
  public void budget(Budget budget) {
    requireOpen();
    ShapeCheck.requireOpen(model);
    Limits limits = BudgetLimits.of(budget, model, plan.mostOpenGates(), this::pace);
    answeredRows = 0;
    plan.set(limits);
  }

  private double pace(Dial.Setting setting) {
    try (BatchPredictor sibling = of(model, maximumRows, FeatureCheck.NONE, kernels)) {
      sibling.budget(Budget.setting(setting));
      return SettingPace.nanosPerMac(sibling);
    }
  }

  /// For [WarmUp]: whether rows go through all stages.
  void ignoreExits(boolean ignores) {
    plan.ignoreExits(ignores);
  }

  public ModelSpec spec() {
    return spec;
  }

  public int maximumRows() {
    return maximumRows;
  }

  /// Both arrays may be longer than the batch needs, so that a last, smaller batch fits the same ones; the rest of `out` stays.
  ///
  /// @param in (rows, inputs), row-major
  /// @param rows 0 … maximumRows
  /// @param out (rows, outputs), row-major, in the blueprint's output form
  public void predict(float[] in, int rows, float[] out) {
    run(in, rows, out);
    for (int row = 0; row < rows; row++) {
      copy(plan.answer(row), plan.answerOffsetBytes(row), row, out);
    }
  }

  /// The answers before softmax or sigmoid; arguments as in [#predict].
  public void logits(float[] in, int rows, float[] out) {
    run(in, rows, out);
    for (int row = 0; row < rows; row++) {
      copy(plan.values(row), plan.valuesOffsetBytes(row), row, out);
    }
  }

  /// The stage that answered a row of the last batch, 0 for a network of one stage.
  public int stage(int row) {
    requireOpen();
    if (row < 0 || row >= answeredRows) {
      throw new IllegalArgumentException(
          "row was not answered: row=" + row + ", answeredRows=" + answeredRows);
    }
    return plan.stage(row);
  }

  /// What the last batch executed, zeros before the first: a block runs over all of its inputs for the rows that open it, closed inputs
  /// being zeros. The same object every time, refreshed by this call.
  public MacCount macs() {
    count();
    return macs;
  }

  /// What [Predictor]s execute for the rows of the last batch one by one, summed: closed inputs are not read. This is what relative
  /// MACs are made of. The same object every time, refreshed by this call.
  public MacCount structuralMacs() {
    count();
    return structuralMacs;
  }

  /// Hands this predictor over to the calling thread. The caller sees to it that the last call of the former owner happened
  /// before, as a queue or an executor does.
  public void attach() {
    owner.attach();
  }

  /// Frees the memory; later calls throw `IllegalStateException`. Closing again does nothing.
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  private void run(float[] in, int rows, float[] out) {
    begin(in, rows, out);
    Matrix input = plan.input();
    int inputs = spec.inputs();
    for (int row = 0; row < rows; row++) {
      MemorySegment.copy(in, row * inputs, input.data(), FLOAT, input.rowOffsetBytes(row), inputs);
      check.requireRow(input.data(), input.rowOffsetBytes(row), row, inputs);
    }
    plan.run(rows);
    answeredRows = rows;
  }

  private void begin(float[] in, int rows, float[] out) {
    requireOpen();
    ShapeCheck.requireOpen(model);
    if (rows < 0 || rows > maximumRows) {
      throw new IllegalArgumentException(
          "row count out of range: rows=" + rows + ", maximumRows=" + maximumRows);
    }
    requireLength("input", rows, spec.inputs(), in.length);
    requireLength("output", rows, spec.outputs(), out.length);
    answeredRows = 0;
  }

  private void requireOpen() {
    owner.require();
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException("batch predictor is closed: layers=" + spec.architecture());
    }
  }

  private static void requireLength(String what, int rows, int columns, int actual) {
    long needed = (long) rows * columns;
    if (actual < needed) {
      throw new IllegalArgumentException(
          what
              + " is shorter than the batch: rows="
              + rows
              + ", columns="
              + columns
              + ", needed="
              + needed
              + ", actual="
              + actual);
    }
  }

  private void copy(Matrix answers, int offsetBytes, int row, float[] out) {
    int outputs = spec.outputs();
    MemorySegment.copy(answers.data(), FLOAT, offsetBytes, out, row * outputs, outputs);
  }

  private void count() {
    requireOpen();
    macs.reset();
    structuralMacs.reset();
    plan.count(answeredRows, macs, structuralMacs);
  }
}
