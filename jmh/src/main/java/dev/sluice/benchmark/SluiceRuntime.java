package dev.sluice.benchmark;

import dev.sluice.kernel.Activation;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.util.List;

/// A `runtime` value that is Sluice: `sluice-PRECISION` or `sluice-gated25-PRECISION`.
///
/// @param isGated a quarter of the dense MACs, gates counted
/// @param precision of the weights
record SluiceRuntime(boolean isGated, String precision) {
  static final String DENSE = "sluice-";
  static final String GATED = "sluice-gated25-";

  private static final double RELATIVE_MACS = 0.25;
  private static final int BLOCK = 32;

  static boolean isSluice(String runtime) {
    return runtime.startsWith(DENSE);
  }

  static SluiceRuntime parse(String runtime) {
    boolean isGated = runtime.startsWith(GATED);
    return new SluiceRuntime(isGated, runtime.substring((isGated ? GATED : DENSE).length()));
  }

  /// The same random weights for every peer.
  ///
  /// @param widths inputs first
  static Model dense(List<Integer> widths, long seed) {
    ModelSpec spec = ModelSpec.dense(widths, BLOCK, Activation.RELU, OutputForm.IDENTITY);
    return new RandomValues(seed).model(spec);
  }

  /// The same random weights, and gates calibrated on `requests`.
  static Model gated(List<Integer> widths, Requests requests, long seed) {
    return CalibratedGates.model(widths, RELATIVE_MACS, requests, new RandomValues(seed));
  }
}
