package dev.sluice.audit;

import dev.sluice.account.MacCount;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.meter.FlopMeter;
import dev.sluice.model.Model;
import dev.sluice.runtime.FeatureCheck;
import dev.sluice.runtime.Predictor;
import dev.sluice.runtime.ZeroSkipping;
import org.jspecify.annotations.Nullable;

/// A model's account over some rows, beside what its kernels executed for them and, if asked for, where their time went.
///
/// @param promised summed over the rows
/// @param denseMacs of a row
/// @param time null if it was not measured
public record Audit(
    Books books, MacCount promised, int rows, long denseMacs, @Nullable TimeBooks time) {
  /// Structural MACs over dense ones.
  public double relativeMacs() {
    return (double) promised.structuralMacs() / rows / denseMacs;
  }

  /// Answers the rows one by one with metered kernels, which are many times slower than others.
  ///
  /// @param rows at least one
  /// @param kernels like which the metered ones are, and which are timed
  /// @param times whether to time the model and its dense twin, which takes seconds
  public static Audit of(Model model, float[][] rows, Kernels kernels, boolean times) {
    if (rows.length == 0) {
      throw new IllegalArgumentException("audit has no rows: rows=0");
    }
    FlopMeter meter = FlopMeter.of(kernels);
    MacCount promised = new MacCount(model.spec().layers().size());
    float[] answer = new float[model.spec().outputs()];
    try (Predictor predictor =
        Predictor.of(model, FeatureCheck.NONE, meter.kernels(), ZeroSkipping.standard())) {
      meter.reset();
      for (float[] row : rows) {
        predictor.predict(row, answer);
        promised.add(predictor.macs());
      }
    }
    Books books = Books.of(model, promised, meter);
    Audit audit = new Audit(books, promised, rows.length, model.spec().denseMacs(), null);
    if (!times) {
      return audit;
    }
    double speedUp = 1 / audit.relativeMacs();
    TimeBooks time = new TimeMeasurement(rows).measure(model, kernels, speedUp);
    return new Audit(books, promised, rows.length, audit.denseMacs, time);
  }
}
