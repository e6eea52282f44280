package dev.sluice.cli;

import java.nio.file.Path;
import java.util.List;

/// What quickstart found.
///
/// @param networks dense, equal-MAC dense, gated
/// @param file where the gated model is
/// @param seconds for everything
record QuickstartResult(
    QuickstartPlan plan,
    int threads,
    String kernels,
    List<Network> networks,
    Path file,
    double seconds) {
  QuickstartResult {
    networks = List.copyOf(networks);
  }

  Network dense() {
    return networks.get(0);
  }

  Network equalMacs() {
    return networks.get(1);
  }

  Network gated() {
    return networks.get(2);
  }

  /// @param name for people: `dense`, `equal-MAC dense`, `gated`
  /// @param trainingSeconds for all epochs
  record Network(
      String name, String layers, ModelScore score, Latency latency, double trainingSeconds) {}
}
