package dev.sluice.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.math3.stat.StatUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One benchmark with one set of parameters, as JMH's JSON file has it.
///
/// @param name class and method, `KernelBenchmark.fmaPeak`
/// @param parameters by name; empty if it has none
/// @param score mean of each fork
/// @param secondary the same of each metric beside the score
record Measured(
    String name,
    Map<String, String> parameters,
    String unit,
    double[] score,
    Map<String, double[]> secondary) {

  /// The results of one JMH run, in its order.
  static List<Measured> read(Path file) {
    List<Measured> results = new ArrayList<>();
    for (JsonNode node : new JsonMapper().readTree(file.toFile())) {
      Map<String, String> parameters = new TreeMap<>();
      node.path("params").forEachEntry((name, value) -> parameters.put(name, value.asString()));
      Map<String, double[]> secondary = new TreeMap<>();
      node.path("secondaryMetrics")
          .forEachEntry((name, metric) -> secondary.put(name, forkMeans(metric)));
      JsonNode primary = node.path("primaryMetric");
      results.add(
          new Measured(
              simpleName(node.path("benchmark").asString()),
              parameters,
              primary.path("scoreUnit").asString(),
              forkMeans(primary),
              secondary));
    }
    return results;
  }

  private static String simpleName(String qualified) {
    int method = qualified.lastIndexOf('.');
    return qualified.substring(qualified.lastIndexOf('.', method - 1) + 1);
  }

  private static double[] forkMeans(JsonNode metric) {
    JsonNode forks = metric.path("rawData");
    double[] means = new double[forks.size()];
    for (int fork = 0; fork < means.length; fork++) {
      double[] iterations = new double[forks.path(fork).size()];
      for (int iteration = 0; iteration < iterations.length; iteration++) {
        iterations[iteration] = forks.path(fork).path(iteration).asDouble();
      }
      means[fork] = StatUtils.mean(iterations);
    }
    return means;
  }

  Estimate scoreEstimate() {
    return Estimate.of(score);
  }

  Optional<Estimate> secondaryEstimate(String metric) {
    return Optional.ofNullable(secondary.get(metric)).map(Estimate::of);
  }

  String parameter(String parameter) {
    return parameters.getOrDefault(parameter, "");
  }

  /// Another of `results` to compare `of` with, see [#isCounterpart].
  static Optional<Measured> counterpart(
      List<Measured> results, Measured of, String name, Map<String, String> changed) {
    return results.stream()
        .filter(result -> result != of && result.isCounterpart(of, name, changed))
        .findFirst();
  }

  /// Whether this is `otherName` with this one's parameters, those in `changed` replaced and those it has not ignored.
  boolean isCounterpart(Measured of, String otherName, Map<String, String> changed) {
    if (!name.equals(otherName)) {
      return false;
    }
    Map<String, String> wanted = new TreeMap<>(of.parameters);
    wanted.putAll(changed);
    return parameters.entrySet().stream()
        .allMatch(entry -> entry.getValue().equals(wanted.get(entry.getKey())));
  }
}
