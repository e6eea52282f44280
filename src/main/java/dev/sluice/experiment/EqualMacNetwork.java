package dev.sluice.experiment;

import dev.sluice.kernel.Activation;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.util.ArrayList;
import java.util.List;

/// The comparator that counts: a plain dense network of the same depth whose MACs equal what a gated
/// one executes.
public final class EqualMacNetwork {
  /// Up to here blocks of 16 leave less padding than they cost in speed.
  private static final int NARROW = 128;

  private EqualMacNetwork() {}

  /// The narrower network whose MACs are nearest to `macs`. Hidden widths keep their proportions, rounded to multiples of `step`.
  ///
  /// @param widths of the network to be matched, inputs first
  /// @param step 1 for the nearest network; a block size for one that wastes nothing on padding
  public static ModelSpec spec(List<Integer> widths, long macs, int step, Activation activation) {
    List<Integer> best = scaled(widths, step, step);
    for (int hidden = 2 * step; ; hidden += step) {
      List<Integer> next = scaled(widths, hidden, step);
      if (Math.abs(macs(next) - macs) >= Math.abs(macs(best) - macs)) {
        return dense(best, activation);
      }
      best = next;
    }
  }

  private static ModelSpec dense(List<Integer> widths, Activation activation) {
    boolean isNarrow = widths.get(1) < NARROW && widths.get(1) % 32 != 0;
    return ModelSpec.dense(widths, isNarrow ? 16 : 32, activation, OutputForm.SOFTMAX);
  }

  /// @param first width of the first hidden layer
  private static List<Integer> scaled(List<Integer> widths, int first, int step) {
    List<Integer> scaled = new ArrayList<>(widths);
    double factor = (double) first / widths.get(1);
    for (int index = 1; index < scaled.size() - 1; index++) {
      long steps = Math.round(factor * widths.get(index) / step);
      scaled.set(index, Math.toIntExact(Math.max(1, steps) * step));
    }
    return scaled;
  }

  private static long macs(List<Integer> widths) {
    long sum = 0;
    for (int index = 1; index < widths.size(); index++) {
      sum += (long) widths.get(index - 1) * widths.get(index);
    }
    return sum;
  }
}
