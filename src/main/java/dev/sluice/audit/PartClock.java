package dev.sluice.audit;

import dev.sluice.account.MacCount;
import dev.sluice.memory.Panels;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.Projection;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Adds up what calls of kernels took, by part. One thread's.
final class PartClock {
  private static final int CALIBRATION_CALLS = 200_000;

  private final Map<Panels, TimePart> parts = new IdentityHashMap<>();
  private final long[] nanos = new long[TimePart.values().length];
  private final long[] calls = new long[TimePart.values().length];

  PartClock(Model model) {
    for (LayerWeights layer : model.weights().layers()) {
      for (MacCount.Kind kind : MacCount.Kind.values()) {
        List<Projection> products = Books.products(layer, kind);
        products.forEach(product -> parts.put(product.weights(), part(kind)));
      }
    }
  }

  private static TimePart part(MacCount.Kind kind) {
    return switch (kind) {
      case PANEL -> TimePart.PANELS;
      case GATE -> TimePart.GATES;
      case LIGHT -> TimePart.LIGHT_PATHS;
      case EXIT -> TimePart.EXITS;
    };
  }

  TimePart partOf(Panels panels) {
    TimePart part = parts.get(panels);
    return part == null ? TimePart.ROUTING_AND_CALLS : part;
  }

  void add(TimePart part, long startNanos) {
    nanos[part.ordinal()] += System.nanoTime() - startNanos;
    calls[part.ordinal()]++;
  }

  void reset() {
    Arrays.fill(nanos, 0);
    Arrays.fill(calls, 0);
  }

  long nanos(TimePart part) {
    return nanos[part.ordinal()];
  }

  long calls(TimePart part) {
    return calls[part.ordinal()];
  }

  long calls() {
    return Arrays.stream(calls).sum();
  }

  /// What one timed call costs.
  ///
  /// @param insideNanos that it adds to its part
  /// @param totalNanos that it adds to the whole
  record Overhead(double insideNanos, double totalNanos) {}

  /// Measured on calls of nothing, the quickest of several runs.
  Overhead overhead() {
    double inside = Double.MAX_VALUE;
    double total = Double.MAX_VALUE;
    Panels panels = parts.keySet().iterator().next();
    for (int run = 0; run < 5; run++) {
      reset();
      long start = System.nanoTime();
      for (int call = 0; call < CALIBRATION_CALLS; call++) {
        TimePart part = partOf(panels);
        add(part, System.nanoTime());
      }
      total = Math.min(total, (double) (System.nanoTime() - start) / CALIBRATION_CALLS);
      long recorded = 0;
      for (long part : nanos) {
        recorded += part;
      }
      inside = Math.min(inside, (double) recorded / CALIBRATION_CALLS);
    }
    reset();
    return new Overhead(inside, total);
  }
}
