package dev.sluice.audit;

import dev.sluice.account.HardwareFlops;
import dev.sluice.model.Model;
import dev.sluice.runtime.FeatureCheck;
import dev.sluice.runtime.Predictor;
import java.util.OptionalLong;

/// Counts in hardware what predictors execute that have nothing in them to count.
final class HardwareMeasurement {
  /// Beside so many, what a clock's interrupts and loops execute is nothing.
  private static final double FEWEST_FLOPS = 1e8;

  private HardwareMeasurement() {}

  /// @param meteredFlops of these rows, one by one, products and all else: a processor tells neither apart
  static HardwareCount measure(
      Model model, AuditSettings settings, long meteredFlops, float[][] rows) {
    if (meteredFlops == 0) {
      return HardwareCount.none("rows execute no operation");
    }
    try (HardwareFlops counter = HardwareFlops.open()) {
      if (!counter.isAvailable()) {
        return HardwareCount.none(counter.reason());
      }
      int passes = (int) Math.ceil(FEWEST_FLOPS / meteredFlops);
      count(model, settings, rows, passes, counter);
      OptionalLong measured = counter.readFlops();
      return measured.isEmpty()
          ? HardwareCount.none(counter.reason())
          : new HardwareCount(
              "", (long) passes * rows.length, measured.getAsLong(), passes * meteredFlops);
    }
  }

  private static void count(
      Model model, AuditSettings settings, float[][] rows, int passes, HardwareFlops counter) {
    try (Predictor predictor =
        Predictor.of(model, FeatureCheck.NONE, settings.kernels(), settings.zeroSkipping())) {
      predictor.rehearse();
      predictor.budget(settings.budget());
      predictor.warmUp();
      counter.start();
      answer(predictor, rows, passes);
      counter.stop();
    }
  }

  private static void answer(Predictor predictor, float[][] rows, int passes) {
    float[] answer = new float[predictor.outputs()];
    for (int pass = 0; pass < passes; pass++) {
      for (float[] row : rows) {
        predictor.predict(row, answer);
      }
    }
  }
}
