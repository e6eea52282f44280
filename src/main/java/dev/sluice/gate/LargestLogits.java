package dev.sluice.gate;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.kernel.ActiveSet;
import java.lang.foreign.MemorySegment;

/// Finds the `k` gates of the largest logits, of equal ones those with the lower index. A NaN logit ranks below −∞. Allocates nothing after creation; not
/// thread-safe.
public final class LargestLogits {
  private final int k;
  private final int[] gates;
  private final float[] logits;

  public LargestLogits(int k) {
    this.k = k;
    this.gates = new int[k];
    this.logits = new float[k];
  }

  /// Replaces `open` by the `k` largest, or by all if there are no more.
  public void select(MemorySegment values, long offsetBytes, ActiveSet open) {
    open.clear();
    if (k == 0) {
      return;
    }
    int ranked = rank(values, offsetBytes, open.capacity());
    float lastLogit = logits[ranked - 1];
    int lastGate = gates[ranked - 1];
    for (int gate = 0; gate < open.capacity(); gate++) {
      float logit = logit(values, offsetBytes, gate);
      boolean isTied = !ranksAbove(logit, lastLogit) && !ranksAbove(lastLogit, logit);
      if (ranksAbove(logit, lastLogit) || (isTied && gate <= lastGate)) {
        open.add(gate);
      }
    }
  }

  /// Insertion into a short sorted list: as gates come in ascending order, a tie leaves the lower index in front.
  private int rank(MemorySegment values, long offsetBytes, int count) {
    int ranked = 0;
    for (int gate = 0; gate < count; gate++) {
      float logit = logit(values, offsetBytes, gate);
      int rank = ranked;
      while (rank > 0 && ranksAbove(logit, logits[rank - 1])) {
        rank--;
      }
      if (rank < k) {
        int moved = Math.min(ranked, k - 1) - rank;
        System.arraycopy(logits, rank, logits, rank + 1, moved);
        System.arraycopy(gates, rank, gates, rank + 1, moved);
        logits[rank] = logit;
        gates[rank] = gate;
        ranked = Math.min(ranked + 1, k);
      }
    }
    return ranked;
  }

  private static boolean ranksAbove(float a, float b) {
    return a > b || (Float.isNaN(b) && !Float.isNaN(a));
  }

  private static float logit(MemorySegment values, long offsetBytes, int gate) {
    return values.get(FLOAT, offsetBytes + (long) gate * Float.BYTES);
  }
}
