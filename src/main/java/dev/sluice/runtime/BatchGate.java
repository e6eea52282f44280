package dev.sluice.runtime;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.RowGroups;
import dev.sluice.memory.Matrix;
import dev.sluice.model.LayerSpec;
import java.util.Arrays;

/// The gates of one layer for a batch: decides for every row and groups the rows by the blocks they
/// open.
final class BatchGate implements BatchStep, RowDecisions {
  private final GateDecision decision;
  private final Matrix logits;
  private final boolean[] open;
  private final RowGroups groups;

  /// @param logits (rows, gates), left by the steps before this one
  BatchGate(LayerSpec.Gated layer, Matrix logits) {
    this.decision = new GateDecision(layer.gate(), layer.units(), layer.blockSize());
    this.logits = logits;
    this.open = new boolean[Math.multiplyExact(logits.rows(), layer.blocks())];
    this.groups = new RowGroups(layer.blocks(), logits.rows());
  }

  @Override
  public void run(int rows) {
    for (int row = 0; row < rows; row++) {
      markOpenBlocks(row, decide(row).openBlocks());
    }
    groups.group(open, rows);
  }

  private void markOpenBlocks(int row, ActiveSet blocks) {
    int from = row * blocks.capacity();
    Arrays.fill(open, from, from + blocks.capacity(), false);
    for (int position = 0; position < blocks.count(); position++) {
      open[from + blocks.index(position)] = true;
    }
  }

  /// The decision of one row, valid until the next one is asked for. Logits stay until the next
  /// batch, so nothing but the blocks needs to be kept per row.
  @Override
  public GateDecision decide(int row) {
    decision.decide(logits.data(), logits.rowOffsetBytes(row));
    return decision;
  }

  /// The one that decides for all rows.
  GateDecision decision() {
    return decision;
  }

  boolean isPerUnit() {
    return decision.isPerUnit();
  }

  RowGroups groups() {
    return groups;
  }

  /// Whether `row` opens `block` in this batch.
  boolean isOpen(int row, int block) {
    return open[row * groups.blocks() + block];
  }
}
