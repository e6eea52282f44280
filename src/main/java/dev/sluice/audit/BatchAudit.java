package dev.sluice.audit;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.kernel.meter.FlopMeter;
import dev.sluice.model.Model;
import dev.sluice.runtime.BatchPredictor;
import dev.sluice.runtime.FeatureCheck;

/// The account of the same rows in batches, beside what their kernels executed.
///
/// @param batchRows of a batch; the last one may have fewer
/// @param promised executed in batches, summed
/// @param structural what the same rows are said to execute one by one
public record BatchAudit(int batchRows, Books books, MacCount promised, MacCount structural) {
  static BatchAudit of(Model model, float[][] rows, AuditSettings settings) {
    FlopMeter meter = FlopMeter.of(settings.kernels());
    int layers = model.spec().layers().size();
    MacCounter promised = new MacCounter(layers);
    MacCounter structural = new MacCounter(layers);
    int most = settings.batchRows();
    try (BatchPredictor predictor =
        BatchPredictor.of(model, most, FeatureCheck.NONE, meter.kernels())) {
      predictor.budget(settings.budget());
      meter.reset();
      float[] answers = new float[Math.multiplyExact(most, model.spec().outputs())];
      for (int first = 0; first < rows.length; first += most) {
        int count = Math.min(most, rows.length - first);
        predictor.predict(joined(rows, first, count), count, answers);
        promised.add(predictor.macs());
        structural.add(predictor.structuralMacs());
      }
    }
    return new BatchAudit(most, Books.of(model, promised, meter), promised, structural);
  }

  static float[] joined(float[][] rows, int first, int count) {
    int inputs = rows[first].length;
    float[] joined = new float[Math.multiplyExact(count, inputs)];
    for (int row = 0; row < count; row++) {
      System.arraycopy(rows[first + row], 0, joined, row * inputs, inputs);
    }
    return joined;
  }
}
