package dev.sluice.audit;

import dev.sluice.runtime.PlannedStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What a row's time is made of: nanoseconds, means over rows. A step is what predictions take with it less what they take without it, so a short one may come out
/// below 0 by what the measurement scatters; nothing is cut off, and the sum is the time with all steps.
///
/// @param parts all of them, 0 for those without a step
/// @param layers the same by layer, without the call's own
public record TimeParts(Map<TimePart, Double> parts, List<Map<TimePart, Double>> layers) {
  public TimeParts {
    parts = copy(parts);
    layers = layers.stream().map(TimeParts::copy).toList();
  }

  private static Map<TimePart, Double> copy(Map<TimePart, Double> parts) {
    Map<TimePart, Double> all = new EnumMap<>(TimePart.class);
    for (TimePart part : TimePart.values()) {
      all.put(part, parts.getOrDefault(part, 0.0));
    }
    return Collections.unmodifiableMap(all);
  }

  /// @param steps of every prediction
  /// @param firstNanos what predictions take that end after so many steps: none, one, … all
  /// @param layers how many there are
  static TimeParts of(List<PlannedStep> steps, double[] firstNanos, int layers) {
    Map<TimePart, Double> parts = new EnumMap<>(TimePart.class);
    List<Map<TimePart, Double>> byLayer = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      byLayer.add(new EnumMap<>(TimePart.class));
    }
    parts.put(TimePart.CALLS, firstNanos[0]);
    for (int index = 0; index < steps.size(); index++) {
      PlannedStep step = steps.get(index);
      double nanos = firstNanos[index + 1] - firstNanos[index];
      parts.merge(TimePart.of(step.kind()), nanos, Double::sum);
      byLayer.get(step.layer()).merge(TimePart.of(step.kind()), nanos, Double::sum);
    }
    return new TimeParts(parts, byLayer);
  }

  public double nanos(TimePart part) {
    return parts.getOrDefault(part, 0.0);
  }

  public double sum() {
    return parts.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  public double layerNanos(int layer) {
    return layers.get(layer).values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
