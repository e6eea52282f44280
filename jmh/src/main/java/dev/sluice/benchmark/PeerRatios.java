package dev.sluice.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whole networks: each runtime beside the others, beside itself in a polluted JVM, and beside itself on rows without zeros.
final class PeerRatios {
  private static final String NAME = "PeerInferenceBenchmark.predict";
  private static final List<String> PEERS = List.of("onnxruntime", "onnxruntime-if", "djl-pytorch");

  /// Of slowdowns, where more is worse.
  private static final String CLEAN = "clean JVM (time)";

  private final List<Measured> results;

  PeerRatios(List<Measured> results) {
    this.results = results.stream().filter(result -> result.name().equals(NAME)).toList();
  }

  void print() {
    Ratios.table(
        "net | batch | rows | polluted | runtime | time, ns | times ONNX Runtime"
            + " | times ONNX Runtime with If | times DJL/PyTorch | times sluice-f32"
            + " | time polluted / clean | time of normal rows / time",
        results.stream().map(this::row).toList());
    Ratios.table(
        "batch | rows | polluted | runtime | compared with | nets | geometric mean | worst",
        geometricMeans());
  }

  private String row(Measured result) {
    return String.join(
        " | ",
        result.parameter("net"),
        key(result),
        result.scoreEstimate().text(0),
        Ratios.text(speedup(result, "runtime", "onnxruntime"), 2),
        Ratios.text(speedup(result, "runtime", "onnxruntime-if"), 2),
        Ratios.text(speedup(result, "runtime", "djl-pytorch"), 2),
        Ratios.text(speedup(result, "runtime", "sluice-f32"), 2),
        Ratios.text(slowdown(result), 2),
        Ratios.text(speedup(result, "rows", "normal"), 2));
  }

  private static String key(Measured result) {
    return String.join(
        " | ",
        result.parameter("batch"),
        result.parameter("rows"),
        result.parameter("polluted"),
        result.parameter("runtime"));
  }

  /// How many times as fast as the same with `parameter` at `value`.
  private Optional<Estimate> speedup(Measured result, String parameter, String value) {
    return counterpart(result, parameter, value)
        .map(other -> other.scoreEstimate().over(result.scoreEstimate()));
  }

  private Optional<Estimate> slowdown(Measured result) {
    return counterpart(result, "polluted", "false")
        .map(other -> result.scoreEstimate().over(other.scoreEstimate()));
  }

  private Optional<Measured> counterpart(Measured result, String parameter, String value) {
    return Measured.counterpart(results, result, NAME, Map.of(parameter, value));
  }

  private List<String> geometricMeans() {
    Map<String, List<Estimate>> ratios = new LinkedHashMap<>();
    for (Measured result : results) {
      for (String peer : PEERS) {
        speedup(result, "runtime", peer)
            .ifPresent(ratio -> add(ratios, key(result) + " | " + peer, ratio));
      }
      slowdown(result).ifPresent(ratio -> add(ratios, key(result) + " | " + CLEAN, ratio));
    }
    List<String> rows = new ArrayList<>();
    ratios.forEach(
        (key, values) -> {
          boolean isTime = key.endsWith(CLEAN);
          Comparator<Estimate> byValue = Comparator.comparingDouble(Estimate::value);
          Estimate worst =
              isTime ? Collections.max(values, byValue) : Collections.min(values, byValue);
          rows.add(
              String.join(
                  " | ",
                  key,
                  Integer.toString(values.size()),
                  Estimate.geometricMean(values).text(2),
                  worst.text(2)));
        });
    return rows;
  }

  private static void add(Map<String, List<Estimate>> to, String key, Estimate ratio) {
    to.computeIfAbsent(key, unused -> new ArrayList<>()).add(ratio);
  }
}
