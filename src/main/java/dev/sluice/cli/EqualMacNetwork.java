package dev.sluice.cli;

import dev.sluice.kernel.Activation;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.util.ArrayList;
import java.util.List;

/// The comparator that counts: a plain dense network of the same depth whose MACs equal what a gated
/// one executes.
final class EqualMacNetwork {
  /// Widths are whole blocks of the gated network's size: the comparator shall lose no time to padding or to narrower vectors.
  private static final int BLOCK = 32;

  private EqualMacNetwork() {}

  /// All hidden layers get one width, the one whose MACs are nearest to `macs`.
  ///
  /// @param widths of the network to be matched, inputs first
  static ModelSpec spec(List<Integer> widths, long macs) {
    ModelSpec best = withHidden(widths, BLOCK);
    for (int hidden = 2 * BLOCK; ; hidden += BLOCK) {
      ModelSpec next = withHidden(widths, hidden);
      if (Math.abs(next.denseMacs() - macs) >= Math.abs(best.denseMacs() - macs)) {
        return best;
      }
      best = next;
    }
  }

  private static ModelSpec withHidden(List<Integer> widths, int hidden) {
    List<Integer> equal = new ArrayList<>(widths);
    for (int index = 1; index < equal.size() - 1; index++) {
      equal.set(index, hidden);
    }
    return ModelSpec.dense(equal, BLOCK, Activation.RELU, OutputForm.SOFTMAX);
  }
}
