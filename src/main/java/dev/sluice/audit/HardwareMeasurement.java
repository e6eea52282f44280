package dev.sluice.audit;

import dev.sluice.account.HardwareFlops;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.meter.FlopMeter;
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
    if (productFlops(books) == 0) {
      return HardwareCount.none("rows execute no product");
    }
    try (HardwareFlops counter = HardwareFlops.open()) {
      if (!counter.isAvailable()) {
        return HardwareCount.none(counter.reason());
      }
      long metered = meteredFlops(model, settings, books, rows);
      int passes = (int) Math.ceil(FEWEST_FLOPS / metered);
      count(model, settings, rows, passes, counter);
      OptionalLong measured = counter.readFlops();
      return measured.isEmpty()
          ? HardwareCount.none(counter.reason())
          : new HardwareCount(
              "", (long) passes * rows.length, measured.getAsLong(), passes * metered);
    }
  }

  private static long productFlops(Books books) {
    return books.entries().stream().mapToLong(entry -> entry.measured().flops()).sum();
  }

  /// Of products by the books, and of what belongs to none by a meter of its own: a processor tells neither apart.
  static long meteredFlops(Model model, AuditSettings settings, Books books, float[][] rows) {
    FlopMeter meter = FlopMeter.of(settings.kernels());
    try (Predictor predictor = predictor(model, settings, meter.kernels())) {
      meter.reset();
      answer(predictor, rows, 1);
    }
    return productFlops(books)
        + meter.ofElements().values().stream().mapToLong(Long::longValue).sum();
  }

  private static Predictor predictor(Model model, AuditSettings settings, Kernels kernels) {
    Predictor predictor = Predictor.of(model, FeatureCheck.NONE, kernels, settings.zeroSkipping());
    predictor.rehearse();
    predictor.budget(settings.budget());
    return predictor;
  }

  private static void count(
      Model model, AuditSettings settings, float[][] rows, int passes, HardwareFlops counter) {
    try (Predictor predictor = predictor(model, settings, settings.kernels())) {
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
