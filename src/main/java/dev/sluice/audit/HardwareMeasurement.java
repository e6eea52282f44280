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

  /// @param books of these rows, one by one
  static HardwareCount measure(Model model, AuditSettings settings, Books books, float[][] rows) {
    long flops = books.entries().stream().mapToLong(entry -> entry.measured().flops()).sum();
    if (flops == 0) {
      return HardwareCount.none("rows execute no product");
    }
    try (HardwareFlops counter = HardwareFlops.open()) {
      if (!counter.isAvailable()) {
        return HardwareCount.none(counter.reason());
      }
      int passes = (int) Math.ceil(FEWEST_FLOPS / flops);
      count(model, settings, rows, passes, counter);
      OptionalLong measured = counter.readFlops();
      return measured.isEmpty()
          ? HardwareCount.none(counter.reason())
          : new HardwareCount(
              "", (long) passes * rows.length, measured.getAsLong(), passes * flops);
    }
  }

  private static void count(
      Model model, AuditSettings settings, float[][] rows, int passes, HardwareFlops counter) {
    try (Predictor predictor =
        Predictor.of(model, FeatureCheck.NONE, settings.kernels(), settings.zeroSkipping())) {
      predictor.budget(settings.budget());
      predictor.warmUp();
      float[] answer = new float[predictor.outputs()];
      counter.start();
      for (int pass = 0; pass < passes; pass++) {
        for (float[] row : rows) {
          predictor.predict(row, answer);
        }
      }
      counter.stop();
    }
  }
}
