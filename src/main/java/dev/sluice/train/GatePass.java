package dev.sluice.train;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.gate.GateDraws;
import dev.sluice.gate.GateEstimator;
import dev.sluice.gate.GateRule;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Matrix;
import dev.sluice.model.LayerSpec;
import dev.sluice.runtime.GateDecision;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gate of a layer over a batch: from logits to decisions, and back. Without a way back the rule's selector decides, as at run time;
/// with one, its estimator.
final class GatePass {
  private final Batch batch;
  private final List<LayerPass> chain;
  private final ElementwiseKernels elementwise;
  private final GateDecisions decisions;
  private final GateDecision[] deciders;
  private final @Nullable Learning learning;
  private final Work decide;
  private LayerSpec.Gated layer;
  private @Nullable GateEstimator estimator;
  private float shift;

  /// What a gate needs to learn.
  ///
  /// @param soft soft gates (rows, gates)
  /// @param samples whether decisions are drawn
  record Learning(
      int layer,
      Matrix soft,
      boolean samples,
      long seed,
      boolean closedBlockGradient,
      GatePenalty penalty) {}

  GatePass(
      Batch batch,
      LayerSpec.Gated layer,
      List<LayerPass> chain,
      ElementwiseKernels elementwise,
      GateDecisions decisions,
      @Nullable Learning learning) {
    this.batch = batch;
    this.layer = layer;
    this.chain = chain;
    this.elementwise = elementwise;
    this.decisions = decisions;
    this.deciders = new GateDecision[Math.ceilDiv(batch.capacity(), Batch.ROWS_PER_TASK)];
    this.learning = learning;
    this.decide = batch.rowWork(this::decideRows);
    bindRule();
  }

  private void bindRule() {
    for (int task = 0; task < deciders.length; task++) {
      deciders[task] = new GateDecision(layer.gate(), layer.units(), layer.blockSize());
      deciders[task].shift(shift);
    }
    if (learning != null) {
      GateRule rule = layer.gate().rule();
      estimator = rule.estimator(layer.gates(), batch.capacity(), learning.samples);
    }
  }

  List<LayerPass> chain() {
    return chain;
  }

  /// Whether the forward pass of this batch computes the blocks of closed gates too, for them to learn from.
  boolean computesClosed() {
    return batch.training()
        && learning != null
        && learning.closedBlockGradient
        && layer.gate().rule().learnsFromClosedGates();
  }

  LayerSpec.Gated layer() {
    return layer;
  }

  /// Takes in what is needed of the whole batch before the way back, see [GatePenalty#prepare] and [GateEstimator#endBatch].
  ///
  /// @param losses of the rows, by the data
  /// @return the sum of the rule's own loss terms
  double endBatch(double ramp, double macWeight, double[] losses) {
    Learning learned = learning();
    learned.penalty.prepare(learned.soft, batch.rows(), ramp, macWeight);
    return estimator().endBatch(batch.rows(), logits(), learned.soft, decisions, losses);
  }

  Learning learning() {
    if (learning == null) {
      throw new IllegalStateException("gate was bound without gradients");
    }
    return learning;
  }

  private GateEstimator estimator() {
    if (estimator == null) {
      throw new IllegalStateException("gate was bound without gradients");
    }
    return estimator;
  }

  private Matrix logits() {
    return chain.getLast().y();
  }

  /// See [GateEstimator#memory].
  double[] memory() {
    return estimator().memory();
  }

  void remember(double[] memory) {
    estimator().remember(memory);
  }

  GateDecisions decisions() {
    return decisions;
  }

  /// Moves the rule to another temperature and threshold, if it has them.
  void setSchedule(float temperature, float threshold) {
    GateRule rule = layer.gate().rule().withSchedule(temperature, threshold);
    if (!rule.equals(layer.gate().rule())) {
      layer = layer.withGate(layer.gate().withRule(rule));
      bindRule();
    }
  }

  /// Adds a number to the logits of rows that are not trained on, if they depend on the row.
  void shift(float logits) {
    shift = chain.getFirst().product().inputs() > 0 ? logits : 0;
    for (GateDecision decider : deciders) {
      decider.shift(shift);
    }
  }

  /// From logits to decisions; [#group] is still to follow.
  Work decide() {
    return decide;
  }

  /// After all rows have decided.
  ///
  /// @return open gates that the batch had no room for
  int group() {
    int closed =
        batch.training() && learning != null ? estimator().close(batch.rows(), decisions) : 0;
    decisions.group(batch.rows());
    return closed;
  }

  private void decideRows(int task, int fromRow, int toRow) {
    GateDecision decider = deciders[task];
    if (learning != null && batch.training()) {
      learnRows(learning, decider, fromRow, toRow);
      return;
    }
    for (int row = fromRow; row < toRow; row++) {
      decider.decide(logits().data(), logits().rowOffsetBytes(row));
      decisions.record(row, decider);
      if (layer.gate().scalesOutput()) {
        for (int position = 0; position < decider.openGates().count(); position++) {
          int gate = decider.openGates().index(position);
          decisions.setWeight(row, gate, decider.weight(gate));
        }
      }
    }
  }

  private void learnRows(Learning learned, GateDecision decider, int fromRow, int toRow) {
    estimator().soften(logits(), fromRow, toRow, elementwise, learned.soft);
    float[] weights = new float[decisions.gates()];
    for (int row = fromRow; row < toRow; row++) {
      estimator()
          .select(row, logits(), learned.soft, draws(learned, row), decider.openGates(), weights);
      decider.expand();
      decisions.record(row, decider);
      if (layer.gate().scalesOutput()) {
        for (int gate = 0; gate < weights.length; gate++) {
          decisions.setWeight(row, gate, weights[gate]);
        }
      }
    }
  }

  private GateDraws draws(Learning learned, int row) {
    long key =
        CounterRandom.key(
            learned.seed,
            CounterRandom.Stream.GATES,
            batch.step(),
            (long) learned.layer << Integer.SIZE | row);
    return new GateDraws() {
      @Override
      public float uniform(int index) {
        return (float) CounterRandom.uniform(CounterRandom.at(key, index));
      }

      @Override
      public float normal(int index) {
        return (float) CounterRandom.normal(key, index);
      }
    };
  }

  /// Sets what is closed to 0, whatever it was: a NaN in a closed unit must not get out, as it does not when predicting. What is open is
  /// multiplied by the gate's weight, where the layer scales.
  void admitRows(Matrix values, int fromRow, int toRow) {
    for (int row = fromRow; row < toRow; row++) {
      if (decisions.perUnit()) {
        admitUnits(values, row);
      } else {
        admitBlocks(values, row);
      }
    }
  }

  private void admitUnits(Matrix values, int row) {
    boolean scales = layer.gate().scalesOutput();
    for (int unit = 0; unit < decisions.gates(); unit++) {
      if (!decisions.isOpen(row, unit)) {
        values.set(row, unit, 0f);
      } else if (scales) {
        values.set(row, unit, values.get(row, unit) * decisions.weight(row, unit));
      }
    }
  }

  private void admitBlocks(Matrix values, int row) {
    boolean scales = layer.gate().scalesOutput();
    int blockSize = layer.blockSize();
    int blocksPerGate = layer.gate().blocksPerGate();
    for (int block = 0; block < decisions.blocks(); block++) {
      long offsetBytes = values.rowOffsetBytes(row) + (long) block * blockSize * Float.BYTES;
      if (!decisions.isBlockOpen(row, block)) {
        elementwise.fill(0f, values.data(), offsetBytes, blockSize);
      } else if (scales) {
        float weight = decisions.weight(row, block / blocksPerGate);
        elementwise.scale(weight, values.data(), offsetBytes, blockSize, values.data());
      }
    }
  }

  /// Gradient of the logits of some rows.
  ///
  /// @param dy gradient of what the gates multiply: of the layer's output, dropout applied, gates not; of `pre` with a light path
  /// @param h what they multiply: the layer's values before the gates; `full − light` with a light path
  void logitGradRows(Matrix dy, Matrix h, int fromRow, int toRow) {
    Learning learned = learning();
    float[] admitted = new float[decisions.gates()];
    double[] softGrad = new double[decisions.gates()];
    for (int row = fromRow; row < toRow; row++) {
      for (int gate = 0; gate < admitted.length; gate++) {
        softGrad[gate] = learned.penalty.gradient(row, gate, learned.soft.get(row, gate));
        boolean knows = decisions.isOpen(row, gate) || computesClosed();
        admitted[gate] = knows ? admitted(dy, h, row, gate) : 0;
      }
      estimator()
          .logitGrad(
              row,
              logits(),
              learned.soft,
              decisions,
              layer.gate().scalesOutput(),
              admitted,
              softGrad,
              chain.getLast().dy());
    }
  }

  private float admitted(Matrix dy, Matrix h, int row, int gate) {
    int fromUnit = gate * decisions.unitsPerGate();
    long offsetBytes = dy.rowOffsetBytes(row) + (long) fromUnit * Float.BYTES;
    int padded = decisions.blocks() * layer.blockSize();
    int count = Math.min(decisions.unitsPerGate(), padded - fromUnit);
    return dot(dy.data(), h.data(), offsetBytes, count);
  }

  /// Four sums side by side, as one would wait for each addition.
  private static float dot(MemorySegment a, MemorySegment b, long offsetBytes, int count) {
    if (count == 1) {
      return a.get(FLOAT, offsetBytes) * b.get(FLOAT, offsetBytes);
    }
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    long end = offsetBytes + (long) count * Float.BYTES;
    for (long at = offsetBytes; at < end; at += 4 * Float.BYTES) {
      sum0 = Math.fma(a.get(FLOAT, at), b.get(FLOAT, at), sum0);
      sum1 = Math.fma(a.get(FLOAT, at + 4), b.get(FLOAT, at + 4), sum1);
      sum2 = Math.fma(a.get(FLOAT, at + 8), b.get(FLOAT, at + 8), sum2);
      sum3 = Math.fma(a.get(FLOAT, at + 12), b.get(FLOAT, at + 12), sum3);
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }
}
