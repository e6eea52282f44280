package dev.sluice.runtime;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.ActiveSet;
import java.lang.foreign.MemorySegment;

/// The hard decision of one layer's gates, `z > T·logit(threshold)`, and the sets that follow from
/// it. Training and inference decide by this one class. Allocates nothing after creation; not
/// thread-safe.
///
/// If fewer than `minimumOpen` gates pass, the `minimumOpen` gates of the largest logits are open,
/// of equal ones those with the lower index. A NaN logit never passes and ranks below −∞: it opens
/// a gate only where the minimum leaves no other.
public final class GateDecision {
  private final float decisionLogit;
  private final boolean perUnit;
  private final int blockSize;
  private final int minimumOpen;
  private final ActiveSet openBlocks;
  private final ActiveSet openUnits;
  private final int[] largestGates;
  private final float[] largestLogits;

  /// For a layer of `units` true units in blocks of `blockSize`. Nothing is open before the first
  /// decision.
  public GateDecision(GateSpec gate, int units, int blockSize) {
    this.decisionLogit = gate.decisionLogit();
    this.perUnit = gate.granularity() == Granularity.UNIT;
    this.blockSize = blockSize;
    this.minimumOpen = gate.minimumOpen();
    this.openBlocks = new ActiveSet((units + blockSize - 1) / blockSize);
    this.openUnits = new ActiveSet(units);
    this.largestGates = new int[minimumOpen];
    this.largestLogits = new float[minimumOpen];
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

  /// What the gates open or close: [#openUnits] at unit granularity, else [#openBlocks].
  public ActiveSet openGates() {
    return perUnit ? openUnits : openBlocks;
  }

  public boolean isPerUnit() {
    return perUnit;
  }

  /// @param logits (gates) from `offsetBytes` on
  public void decide(MemorySegment logits, long offsetBytes) {
    ActiveSet open = openGates();
    open.clear();
    for (int gate = 0; gate < open.capacity(); gate++) {
      if (logit(logits, offsetBytes, gate) > decisionLogit) {
        open.add(gate);
      }
    }
    if (open.count() < minimumOpen) {
      openLargest(logits, offsetBytes, open);
    }
    if (perUnit) {
      setBlocksOfUnits();
    } else {
      openUnits.setToUnitsOf(openBlocks, blockSize);
    }
  }

  private void openLargest(MemorySegment logits, long offsetBytes, ActiveSet open) {
    rankLargest(logits, offsetBytes, open.capacity());
    float lastLogit = largestLogits[minimumOpen - 1];
    int lastGate = largestGates[minimumOpen - 1];
    open.clear();
    for (int gate = 0; gate < open.capacity(); gate++) {
      float logit = logit(logits, offsetBytes, gate);
      boolean isTied = !ranksAbove(logit, lastLogit) && !ranksAbove(lastLogit, logit);
      if (ranksAbove(logit, lastLogit) || (isTied && gate <= lastGate)) {
        open.add(gate);
      }
    }
  }

  /// Insertion into a short sorted list: as gates come in ascending order, a tie leaves the lower
  /// index in front.
  private void rankLargest(MemorySegment logits, long offsetBytes, int gates) {
    int ranked = 0;
    for (int gate = 0; gate < gates; gate++) {
      float logit = logit(logits, offsetBytes, gate);
      int rank = ranked;
      while (rank > 0 && ranksAbove(logit, largestLogits[rank - 1])) {
        rank--;
      }
      if (rank < minimumOpen) {
        int moved = Math.min(ranked, minimumOpen - 1) - rank;
        System.arraycopy(largestLogits, rank, largestLogits, rank + 1, moved);
        System.arraycopy(largestGates, rank, largestGates, rank + 1, moved);
        largestLogits[rank] = logit;
        largestGates[rank] = gate;
        ranked = Math.min(ranked + 1, minimumOpen);
      }
    }
  }

  private static boolean ranksAbove(float a, float b) {
    return a > b || (Float.isNaN(b) && !Float.isNaN(a));
  }

  private static float logit(MemorySegment logits, long offsetBytes, int gate) {
    return logits.get(FLOAT, offsetBytes + (long) gate * Float.BYTES);
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
