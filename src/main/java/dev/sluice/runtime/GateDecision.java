package dev.sluice.runtime;

import dev.sluice.gate.GateSelector;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LargestLogits;
import dev.sluice.kernel.ActiveSet;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The decision of one layer's gates for a row, and the sets that follow from it. Training and inference decide by this one class. Allocates
/// nothing per decision; not thread-safe.
public final class GateDecision {
  private final GateSelector selector;
  private final boolean perUnit;
  private final int blockSize;
  private final int blocksPerGate;
  private final ActiveSet openGates;
  private final ActiveSet openBlocks;
  private final ActiveSet openUnits;
  private @Nullable LargestLogits largest;
  private int most;

  /// For a layer of `units` true units in blocks of `blockSize`. Nothing is open before the first
  /// decision.
  public GateDecision(GateSpec gate, int units, int blockSize) {
    int gates = gate.gates(units, blockSize);
    this.selector = gate.rule().selector(gates);
    this.perUnit = gate.granularity() == Granularity.UNIT;
    this.blockSize = blockSize;
    this.blocksPerGate = gate.blocksPerGate();
    this.openBlocks = new ActiveSet(Math.ceilDiv(units, blockSize));
    this.openUnits = new ActiveSet(units);
    this.openGates = perUnit ? openUnits : blocksPerGate == 1 ? openBlocks : new ActiveSet(gates);
    this.most = gates;
  }

  /// The blocks to be executed after the last decision. Not a copy.
  public ActiveSet openBlocks() {
    return openBlocks;
  }

  /// The units that the next layer reads after the last decision: all true units of the open
  /// blocks, or, at unit granularity, the open units. Not a copy.
  public ActiveSet openUnits() {
    return openUnits;
  }

  /// What the gates open or close: units, blocks, or groups of blocks.
  public ActiveSet openGates() {
    return openGates;
  }

  public boolean isPerUnit() {
    return perUnit;
  }

  /// The factor of what an open gate admits, by the last decision.
  public float weight(int gate) {
    return selector.weight(gate);
  }

  /// Adds a number to all logits from now on, see [GateSelector#shift].
  public void shift(float logits) {
    selector.shift(logits);
  }

  /// Opens no more than so many gates from now on: those of the largest logits.
  public void limit(int mostGates) {
    if (mostGates < 0) {
      throw new IllegalArgumentException("limit of open gates is negative: limit=" + mostGates);
    }
    most = Math.min(mostGates, openGates.capacity());
    largest = most < openGates.capacity() ? new LargestLogits(most) : null;
  }

  /// @param logits of the gates, from `offsetBytes` on
  public void decide(MemorySegment logits, long offsetBytes) {
    selector.select(logits, offsetBytes, openGates);
    if (largest != null && openGates.count() > most) {
      largest.select(logits, offsetBytes, openGates);
    }
    expand();
  }

  /// Makes blocks and units those of [#openGates], which something else has decided.
  public void expand() {
    if (perUnit) {
      setBlocksOfUnits();
      return;
    }
    if (blocksPerGate > 1) {
      openBlocks.setToUnitsOf(openGates, blocksPerGate);
    }
    openUnits.setToUnitsOf(openBlocks, blockSize);
  }

  private void setBlocksOfUnits() {
    openBlocks.clear();
    int last = -1;
    for (int position = 0; position < openUnits.count(); position++) {
      int block = openUnits.index(position) / blockSize;
      if (block != last) {
        openBlocks.add(block);
        last = block;
      }
    }
  }
}
