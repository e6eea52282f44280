package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.runtime.GateDecision;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// By hand on 10-20-12-3 with blocks of 8: layer 0 has blocks of 8, 8, 4 units, layer 1 of 8, 4.
class MacCostsTest {
  private static final double DENSE = 10 * 20 + 20 * 12 + 12 * 3;

  private static ModelSpec spec(String form, Granularity granularity) {
    GateSpec gate = GateSpec.of(GateForms.parse(form), granularity);
    return ModelSpec.gated(List.of(10, 20, 12, 3), 8, Activation.RELU, OutputForm.SOFTMAX, gate);
  }

  /// Costs of one row with these decisions per gate, by layer; dense layers' are not looked at.
  static MacCosts costs(ModelSpec spec, int[]... open) {
    List<GateDecisions> decisions = new ArrayList<>();
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      if (!(spec.layers().get(layer) instanceof LayerSpec.Gated gated)) {
        decisions.add(null);
        continue;
      }
      GateDecision decision = new GateDecision(gated.gate(), gated.units(), gated.blockSize());
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment logits = arena.allocate(4L * gated.gates());
        for (int gate = 0; gate < gated.gates(); gate++) {
          logits.setAtIndex(ValueLayout.JAVA_FLOAT, gate, -1f);
        }
        for (int gate : open[layer]) {
          logits.setAtIndex(ValueLayout.JAVA_FLOAT, gate, 1f);
        }
        decision.decide(logits, 0);
      }
      GateDecisions recorded = new GateDecisions(gated, 1);
      recorded.record(0, decision);
      decisions.add(recorded);
    }
    return new MacCosts(spec, decisions);
  }

  /// Layer 0: 12 of 20 units open (blocks 0 and 2), its gate 10·3. Layer 1: 4 of 12 open over 12 inputs, gate 12·2. Layer 2: 4·3.
  @Test
  void bothSidesAndGatesAreCounted() {
    MacCosts costs = costs(spec("linear", Granularity.BLOCK), new int[] {0, 2}, new int[] {1});
    assertThat(costs.macs(0)).isEqualTo(10 * 12 + 10 * 3 + 12 * 4 + 12 * 2 + 4 * 3);
    assertThat(costs.denseMacs()).isEqualTo((long) DENSE);
  }

  @Test
  void furtherGateProductsAreFixedCosts() {
    MacCosts costs = costs(spec("two-layer:5", Granularity.BLOCK), new int[] {0, 2}, new int[] {1});
    assertThat(costs.macs(0)).isEqualTo(10 * 12 + 10 * 5 + 5 * 3 + 12 * 4 + 12 * 5 + 5 * 2 + 4 * 3);
  }

  @Test
  void staticGatesCostNothing() {
    MacCosts costs = costs(spec("static", Granularity.BLOCK), new int[] {0, 2}, new int[] {1});
    assertThat(costs.macs(0)).isEqualTo(10 * 12 + 12 * 4 + 4 * 3);
  }

  /// Units 0 and 9 open blocks 0 and 1, 16 units executed, 2 read.
  @Test
  void unitGatesExecuteWholeBlocksAndReadSingleUnits() {
    MacCosts costs = costs(spec("static", Granularity.UNIT), new int[] {0, 9}, new int[] {11});
    assertThat(costs.macs(0)).isEqualTo(10 * 16 + 2 * 4 + 1 * 3);
  }

  /// U reads what the layer reads, V gives all 20, or 12, units their values, so that the next layer reads all of them.
  @ParameterizedTest
  @CsvSource({"linear, 30, 40", "light, 9, 6"})
  void lightPathsAreCountedAndClosedUnitsAreRead(String form, int firstGate, int secondGate) {
    GateSpec gate = GateSpec.of(GateForms.parse(form), Granularity.BLOCK);
    ModelSpec spec =
        ModelSpec.gated(List.of(10, 20, 12, 3), 8, Activation.RELU, OutputForm.SOFTMAX, gate, 3);
    MacCosts costs = costs(spec, new int[] {0, 2}, new int[] {1});
    int first = 10 * 12 + firstGate + 10 * 3 + 3 * 20;
    int second = 20 * 4 + secondGate + 20 * 3 + 3 * 12;
    assertThat(costs.macs(0)).isEqualTo(first + second + 12 * 3);
    assertThat(costs.relativeMacsByGate(0, 0, 1)).isCloseTo(10 * 8 / DENSE, Offset.offset(1e-12));
    double smallest = costs(spec, new int[] {2}, new int[] {1}).macs(0) / DENSE;
    assertThat(new SmallestMacs(spec).relative()).isEqualTo(smallest);
  }

  /// Costs are linear in each single decision, so the derivative is the difference that opening makes.
  @Test
  void theDerivativeIsWhatOpeningABlockCosts() {
    ModelSpec spec = spec("linear", Granularity.BLOCK);
    MacCosts closed = costs(spec, new int[] {0}, new int[] {1});
    MacCosts open = costs(spec, new int[] {0, 2}, new int[] {1});
    double difference = (open.macs(0) - closed.macs(0)) / DENSE;
    assertThat(closed.relativeMacsByGate(0, 0, 2)).isCloseTo(difference, Offset.offset(1e-12));
    assertThat(open.relativeMacsByGate(0, 0, 2)).isCloseTo(difference, Offset.offset(1e-12));
    assertThat(open.relativeMacsByGate(2, 0, 0)).as("dense layer").isZero();
  }

  @Test
  void theFirstUnitOfABlockPaysForItAndOpenUnitsShare() {
    MacCosts costs = costs(spec("static", Granularity.UNIT), new int[] {0, 3, 9}, new int[] {11});
    double nextLayer = 4 / DENSE;
    assertThat(costs.relativeMacsByGate(0, 0, 16))
        .as("opens a closed block of 4")
        .isCloseTo(10 * 4 / DENSE + nextLayer, Offset.offset(1e-12));
    assertThat(costs.relativeMacsByGate(0, 0, 3))
        .as("one of two in a block of 8")
        .isCloseTo(10 * 8 / 2 / DENSE + nextLayer, Offset.offset(1e-12));
    assertThat(costs.relativeMacsByGate(0, 0, 4))
        .as("joins an open block")
        .isCloseTo(nextLayer, Offset.offset(1e-12));
  }

  @ParameterizedTest
  @CsvSource({"linear, BLOCK", "static, BLOCK", "two-layer:5, BLOCK", "static, UNIT"})
  void theSmallestCostIsThatOfTheSmallestBlocks(String form, Granularity granularity) {
    ModelSpec spec = spec(form, granularity);
    double smallest = Double.POSITIVE_INFINITY;
    for (int first = 0; first < ((LayerSpec.Gated) spec.layers().get(0)).gates(); first++) {
      for (int second = 0; second < ((LayerSpec.Gated) spec.layers().get(1)).gates(); second++) {
        MacCosts costs = costs(spec, new int[] {first}, new int[] {second});
        smallest = Math.min(smallest, costs.macs(0) / DENSE);
      }
    }
    assertThat(new SmallestMacs(spec).relative()).isEqualTo(smallest);
  }
}
