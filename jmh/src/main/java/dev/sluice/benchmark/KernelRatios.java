package dev.sluice.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Kernels beside the limits of the machine, beside themselves with other parameters, and beside other libraries.
final class KernelRatios {
  private final List<Measured> results;

  KernelRatios(List<Measured> results) {
    this.results = results;
  }

  void print() {
    Ratios.table(
        "kernel | shape | density | block | precision | polluted | 10⁹ MAC/s | of FMA peak"
            + " | of reading the weights | time / (density · dense time) | times f32"
            + " | time polluted / clean",
        kernelRows());
    Ratios.table(
        "product | batch | library | 10⁹ MAC/s | of FMA peak | sluice / library", productRows());
  }

  private Optional<Measured> counterpart(Measured of, String name, Map<String, String> changed) {
    return Measured.counterpart(results, of, name, changed);
  }

  private List<String> kernelRows() {
    List<String> rows = new ArrayList<>();
    for (Measured result : results) {
      String kernel = result.name().replace("KernelBenchmark.", "");
      if (!kernel.equals(result.name()) && !kernel.equals("readWeights")) {
        rows.add(kernelRow(kernel, result));
      }
    }
    return rows;
  }

  private String kernelRow(String kernel, Measured result) {
    Optional<Estimate> macs = result.secondaryEstimate("gigaMacs");
    Optional<Estimate> peak =
        counterpart(result, "KernelBenchmark.fmaPeak", Map.of())
            .flatMap(other -> other.secondaryEstimate("gigaMacs"));
    boolean readsAll = kernel.equals("gatedMatVec") && result.parameter("density").equals("1");
    Optional<Estimate> reading =
        counterpart(result, "KernelBenchmark.readWeights", Map.of())
            .filter(other -> readsAll)
            .map(other -> result.scoreEstimate().over(other.scoreEstimate()));
    Optional<Estimate> overShare =
        counterpart(result, result.name(), Map.of("density", "1"))
            .filter(other -> !result.parameter("density").isEmpty())
            .flatMap(other -> other.secondaryEstimate("gigaMacs"))
            .flatMap(dense -> macs.map(dense::over));
    Optional<Measured> clean =
        counterpart(result, result.name(), Map.of("polluted", "false"))
            .filter(other -> !result.parameter("polluted").equals("false"));
    return String.join(
        " | ",
        kernel,
        result.parameter("shape"),
        result.parameter("density"),
        result.parameter("block"),
        result.parameter("precision"),
        result.parameter("polluted"),
        Ratios.text(macs, 1),
        Ratios.text(macs.flatMap(value -> peak.map(value::over)), 3),
        Ratios.text(reading, 3),
        Ratios.text(overShare, 3),
        Ratios.text(timesCounterpart(result, "precision", "f32"), 2),
        Ratios.text(clean.map(other -> other.scoreEstimate().over(result.scoreEstimate())), 2));
  }

  /// Of throughputs.
  private Optional<Estimate> timesCounterpart(Measured result, String parameter, String value) {
    return counterpart(result, result.name(), Map.of(parameter, value))
        .filter(other -> !result.parameter(parameter).isEmpty())
        .map(other -> result.scoreEstimate().over(other.scoreEstimate()));
  }

  private List<String> productRows() {
    List<String> rows = new ArrayList<>();
    for (Measured result :
        results.stream().filter(of -> of.name().equals("ProductPeerBenchmark.product")).toList()) {
      Optional<Estimate> macs = result.secondaryEstimate("gigaMacs");
      Optional<Estimate> peak =
          counterpart(result, "KernelBenchmark.fmaPeak", Map.of())
              .flatMap(other -> other.secondaryEstimate("gigaMacs"));
      Optional<Estimate> sluice =
          counterpart(result, result.name(), Map.of("library", "sluice"))
              .map(other -> other.scoreEstimate().over(result.scoreEstimate()));
      rows.add(
          String.join(
              " | ",
              result.parameter("shape"),
              result.parameter("batch"),
              result.parameter("library"),
              Ratios.text(macs, 1),
              Ratios.text(macs.flatMap(value -> peak.map(value::over)), 3),
              Ratios.text(sluice, 2)));
    }
    return rows;
  }
}
