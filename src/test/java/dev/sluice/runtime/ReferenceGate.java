package dev.sluice.runtime;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.gate.GateSelector;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.model.LayerSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// What a [ReferenceNetwork]'s gates decide.
final class ReferenceGate {
  /// @param weights of each unit's gate
  record Decision(boolean[] openUnits, float[] weights) {}

  private ReferenceGate() {}

  static Decision decide(LayerSpec.Gated layer, float[] logits) {
    return layer.gate().rule() instanceof ThresholdRule rule
        ? decideByThreshold(layer, rule, logits)
        : decideByRule(layer, logits);
  }

  private static Decision decideByThreshold(
      LayerSpec.Gated layer, ThresholdRule rule, float[] logits) {
    boolean[] openGates = openGates(rule, logits);
    int unitsPerGate = unitsPerGate(layer);
    boolean[] openUnits = new boolean[layer.units()];
    float[] scaled = new float[layer.units()];
    float inverse = 1 / rule.temperature();
    for (int unit = 0; unit < openUnits.length; unit++) {
      openUnits[unit] = openGates[unit / unitsPerGate];
      scaled[unit] = logits[unit / unitsPerGate] * inverse;
    }
    float[] weights =
        ReferenceProducts.map(
            scaled, p -> ReferenceProducts.ELEMENTWISE.sigmoid(p, 0, layer.units(), p));
    return new Decision(openUnits, weights);
  }

  /// Rules other than the threshold have oracles of their own in their package's tests.
  private static Decision decideByRule(LayerSpec.Gated layer, float[] gateLogits) {
    int unitsPerGate = unitsPerGate(layer);
    GateSelector selector = layer.gate().rule().selector(layer.gates());
    ActiveSet open = new ActiveSet(layer.gates());
    boolean[] openUnits = new boolean[layer.units()];
    float[] weights = new float[layer.units()];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment logits = AlignedMemory.allocateFloats(arena, gateLogits.length);
      MemorySegment.copy(gateLogits, 0, logits, FLOAT, 0, gateLogits.length);
      selector.select(logits, 0, open);
      for (int position = 0; position < open.count(); position++) {
        int from = open.index(position) * unitsPerGate;
        int to = Math.min(from + unitsPerGate, openUnits.length);
        Arrays.fill(openUnits, from, to, true);
        Arrays.fill(weights, from, to, selector.weight(open.index(position)));
      }
    }
    return new Decision(openUnits, weights);
  }

  private static int unitsPerGate(LayerSpec.Gated layer) {
    boolean isPerUnit = layer.gate().granularity() == Granularity.UNIT;
    return isPerUnit ? 1 : layer.blockSize() * layer.gate().blocksPerGate();
  }

  private static boolean[] openGates(ThresholdRule rule, float[] logits) {
    boolean[] open = new boolean[logits.length];
    int passed = 0;
    for (int index = 0; index < logits.length; index++) {
      open[index] = logits[index] > rule.decisionLogit();
      passed += open[index] ? 1 : 0;
    }
    if (passed < rule.minimumOpen()) {
      // NaN maps below every logit; the sort is stable, so ties keep the lower index in front.
      Comparator<Integer> byLogit =
          Comparator.comparingDouble(
              index ->
                  Float.isNaN(logits[index]) ? Double.NEGATIVE_INFINITY : -(-logits[index] + 0.0));
      IntStream.range(0, logits.length)
          .boxed()
          .sorted(byLogit.reversed())
          .limit(rule.minimumOpen())
          .forEach(index -> open[index] = true);
    }
    return open;
  }
}
