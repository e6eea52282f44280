package dev.sluice.train;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.gate.GateSpec;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Matrix;
import dev.sluice.model.LayerSpec;
import dev.sluice.runtime.GateDecision;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gate of a layer over a batch: from logits to decisions, and straight through back.
///
/// Forward `g = 1[z > T·logit(threshold)]`, exactly 0 or 1. Backward `ĝ = g + p − sg(p)` with `p = σ(z/T)`: `dz = dg · p(1−p)/T`,
/// where `dg_j = Σ_{units u of gate j} dy_u·h_u` plus the derivatives of budget and penalties.
final class GatePass {
  private final Batch batch;
  private final LayerSpec.Gated layer;
  private final List<LayerPass> chain;
  private final ElementwiseKernels elementwise;
  private final GateDecisions decisions;
  private final GateDecision[] deciders;
  private final GateDecision[] drawnDeciders;
  private final @Nullable Learning learning;
  private final Work decide;
  private float temperature;
  private float decisionLogit = Float.NaN;

  /// What a gate needs to learn.
  ///
  /// @param p soft gates (rows, gates), as wide as the logits
  /// @param drawn p − u for sampled decisions, null if the threshold decides
  record Learning(
      int layer,
      Matrix p,
      @Nullable Matrix drawn,
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
    this.drawnDeciders = new GateDecision[deciders.length];
    this.learning = learning;
    this.decide = batch.rowWork(this::decideRows);
    setDecision(layer.gate());
  }

  List<LayerPass> chain() {
    return chain;
  }

  LayerSpec.Gated layer() {
    return layer;
  }

  /// See [GatePenalty#prepare].
  void preparePenalty(double ramp, double macWeight) {
    Learning learned = learning();
    learned.penalty.prepare(learned.p, batch.rows(), ramp, macWeight);
  }

  Learning learning() {
    if (learning == null) {
      throw new IllegalStateException("gate was bound without gradients");
    }
    return learning;
  }

  GateDecisions decisions() {
    return decisions;
  }

  /// Takes temperature and threshold from `gate`.
  void setDecision(GateSpec gate) {
    temperature = gate.temperature();
    if (gate.decisionLogit() == decisionLogit) {
      return;
    }
    decisionLogit = gate.decisionLogit();
    // p − u > 0 is Bernoulli(p) for a uniform u, and 0 is the logit of ½
    GateSpec atZero = gate.withDecision(gate.temperature(), 0.5f);
    for (int task = 0; task < deciders.length; task++) {
      deciders[task] = new GateDecision(gate, layer.units(), layer.blockSize());
      drawnDeciders[task] = new GateDecision(atZero, layer.units(), layer.blockSize());
    }
  }

  /// From logits to decisions; [GateDecisions#group] is still to follow.
  Work decide() {
    return decide;
  }

  private void decideRows(int task, int fromRow, int toRow) {
    Matrix logits = chain.getLast().y();
    if (learning != null && batch.training()) {
      softGates(logits, learning.p, fromRow, toRow);
      if (learning.drawn != null) {
        draw(learning, learning.drawn, fromRow, toRow);
        decideBy(drawnDeciders[task], learning.drawn, fromRow, toRow);
        return;
      }
    }
    decideBy(deciders[task], logits, fromRow, toRow);
  }

  private void softGates(Matrix logits, Matrix p, int fromRow, int toRow) {
    long offsetBytes = p.rowOffsetBytes(fromRow);
    int count = Buffers.floats(p, fromRow, toRow);
    elementwise.scale(1 / temperature, logits.data(), offsetBytes, count, p.data());
    elementwise.sigmoid(p.data(), offsetBytes, count, p.data());
  }

  private void draw(Learning learned, Matrix drawn, int fromRow, int toRow) {
    for (int row = fromRow; row < toRow; row++) {
      long key =
          CounterRandom.key(
              learned.seed,
              CounterRandom.Stream.GATES,
              batch.step(),
              (long) learned.layer << Integer.SIZE | row);
      for (int gate = 0; gate < decisions.gates(); gate++) {
        float uniform = (float) CounterRandom.uniform(CounterRandom.at(key, gate));
        drawn.set(row, gate, learned.p.get(row, gate) - uniform);
      }
    }
  }

  private void decideBy(GateDecision decider, Matrix values, int fromRow, int toRow) {
    for (int row = fromRow; row < toRow; row++) {
      decider.decide(values.data(), values.rowOffsetBytes(row));
      decisions.record(row, decider);
    }
  }

  /// Sets what is closed to 0, whatever it was: a NaN in a closed unit must not get out, as it does not when predicting.
  void closeRows(Matrix values, int fromRow, int toRow) {
    for (int row = fromRow; row < toRow; row++) {
      if (decisions.perUnit()) {
        closeUnits(values, row);
      } else {
        closeBlocks(values, row);
      }
    }
  }

  private void closeUnits(Matrix values, int row) {
    for (int unit = 0; unit < decisions.gates(); unit++) {
      if (!decisions.isGateOpen(row, unit)) {
        values.set(row, unit, 0f);
      }
    }
  }

  private void closeBlocks(Matrix values, int row) {
    int blockSize = layer.blockSize();
    for (int block = 0; block < decisions.blocks(); block++) {
      if (!decisions.isBlockOpen(row, block)) {
        long offsetBytes = values.rowOffsetBytes(row) + (long) block * blockSize * Float.BYTES;
        elementwise.fill(0f, values.data(), offsetBytes, blockSize);
      }
    }
  }

  /// Gradient of the logits of some rows.
  ///
  /// @param dy gradient of the gated layer's output, dropout applied, mask not
  /// @param h the layer's values before the mask
  void logitGradRows(Matrix dy, Matrix h, int fromRow, int toRow) {
    Learning learned = learning();
    int unitsPerGate = decisions.perUnit() ? 1 : layer.blockSize();
    for (int row = fromRow; row < toRow; row++) {
      for (int gate = 0; gate < decisions.gates(); gate++) {
        float p = learned.p.get(row, gate);
        double dg = learned.penalty.gradient(row, gate, p);
        if (learned.closedBlockGradient || decisions.isGateOpen(row, gate)) {
          int fromUnit = gate * unitsPerGate;
          long offsetBytes = dy.rowOffsetBytes(row) + (long) fromUnit * Float.BYTES;
          dg += dot(dy.data(), h.data(), offsetBytes, unitsPerGate);
        }
        chain.getLast().dy().set(row, gate, (float) (dg * p * (1 - p) / temperature));
      }
    }
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
