package dev.sluice.benchmark;

import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.Model;
import dev.sluice.runtime.Predictor;

/// Where the benchmarks meet the parts of Sluice's interface that choose how a model is stored and made ready.
final class SluiceModels {
  private SluiceModels() {}

  /// Returns `model` itself for `f32`, else a model of its own with narrower weights.
  ///
  /// @param precision `f32`, `bf16` or `int8`
  static Model withPrecision(Model model, String precision) {
    WeightPrecision wanted = WeightPrecision.ofSpecName(precision);
    return wanted == WeightPrecision.F32 ? model : model.withPrecision(wanted);
  }

  /// Brings what answers requests to compiled code.
  static void warmUp(Predictor predictor) {
    predictor.warmUp();
  }
}
