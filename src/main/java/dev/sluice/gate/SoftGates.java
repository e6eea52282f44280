package dev.sluice.gate;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.ScalarMath;
import dev.sluice.memory.Matrix;
import java.lang.foreign.MemorySegment;

/// Soft gates: probabilities of independent gates, shares of competing ones.
final class SoftGates {
  private SoftGates() {}

  /// `p = σ(z/T)`; both matrices have equal strides.
  static void sigmoid(
      Matrix logits,
      int fromRow,
      int toRow,
      float temperature,
      ElementwiseKernels elementwise,
      Matrix soft) {
    long offsetBytes = soft.rowOffsetBytes(fromRow);
    int count = (int) ((soft.rowOffsetBytes(toRow) - offsetBytes) / Float.BYTES);
    elementwise.scale(1 / temperature, logits.data(), offsetBytes, count, soft.data());
    elementwise.sigmoid(soft.data(), offsetBytes, count, soft.data());
  }

  /// The same for one gate, with the same bits.
  static float sigmoid(MemorySegment logits, long offsetBytes, int gate, float temperature) {
    return ScalarMath.sigmoid(logit(logits, offsetBytes, gate) * (1 / temperature));
  }

  static float logit(MemorySegment logits, long offsetBytes, int gate) {
    return logits.get(FLOAT, offsetBytes + (long) gate * Float.BYTES);
  }

  /// Softmax over the gates in `kept`, of which there is at least one: `weights[gate]`; others are left as they are. Operations and their order
  /// are those of [ElementwiseKernels#softmaxInPlace].
  static void softmax(MemorySegment logits, long offsetBytes, ActiveSet kept, float[] weights) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int position = 0; position < kept.count(); position++) {
      largest = Math.max(largest, logit(logits, offsetBytes, kept.index(position)));
    }
    float sum = 0;
    for (int position = 0; position < kept.count(); position++) {
      int gate = kept.index(position);
      weights[gate] = ScalarMath.exp(logit(logits, offsetBytes, gate) - largest);
      sum += weights[gate];
    }
    for (int position = 0; position < kept.count(); position++) {
      weights[kept.index(position)] /= sum;
    }
  }

  /// `g ~ Bernoulli(p)`
  static void draw(int row, Matrix soft, GateDraws draws, ActiveSet open) {
    open.clear();
    for (int gate = 0; gate < open.capacity(); gate++) {
      if (draws.uniform(gate) < soft.get(row, gate)) {
        open.add(gate);
      }
    }
  }

  static void copyOpen(int row, Matrix soft, ActiveSet open, float[] weights) {
    for (int position = 0; position < open.count(); position++) {
      int gate = open.index(position);
      weights[gate] = soft.get(row, gate);
    }
  }
}
