package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacFormulas;
import dev.sluice.gate.GateForm;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.gate.LowRankGate;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The worked example of `docs/ACCOUNTING.md`, number by number: 784-512-512-10 in blocks of 32.
class AccountingExampleTest {
  /// Zero weights; the biases of the gates open the first blocks, whatever the input.
  private static Model model(GateForm form, int openInFirst, int openInSecond) {
    GateSpec gate = new GateSpec(form, Granularity.BLOCK, 1f, 0.5f, 0);
    ModelSpec spec =
        ModelSpec.gated(List.of(784, 512, 512, 10), 32, Activation.RELU, OutputForm.SOFTMAX, gate);
    Model model = TestModels.zeros(spec);
    open(model, 0, openInFirst);
    open(model, 1, openInSecond);
    return model;
  }

  private static void open(Model model, int layer, int blocks) {
    Projection last = model.weights().layers().get(layer).gate().getLast();
    for (int block = 0; block < 16; block++) {
      TestModels.setBias(last, block, block < blocks ? 1f : -1f);
    }
  }

  private static MacCount predicted(Model model) {
    return predicted(model, ZeroSkipping.OFF);
  }

  private static MacCount predicted(Model model, ZeroSkipping skipping) {
    Predictor predictor =
        Predictor.of(model, FeatureCheck.NONE, KernelProvider.kernels(), skipping);
    predictor.predict(new float[784], new float[10]);
    return predictor.macs();
  }

  private static void assertLayer(MacCount macs, int layer, long panels, long gates, long padding) {
    assertEquals(panels, macs.panelMacs(layer));
    assertEquals(gates, macs.gateMacs(layer));
    assertEquals(padding, macs.paddingMacs(layer));
  }

  @Test
  void fourOfSixteenBlocksInBothLayers() {
    try (Model model = model(new LinearGate(), 4, 4)) {
      assertEquals(668_672, model.spec().denseMacs());
      MacCount macs = predicted(model);
      assertLayer(macs, 0, 100_352, 12_544, 0);
      assertLayer(macs, 1, 16_384, 2_048, 0);
      assertLayer(macs, 2, 1_280, 0, 768);
      assertEquals(132_608, macs.executedMacs());
      assertEquals(0.1983, MacFormulas.relative(macs.executedMacs(), 668_672), 5e-5);
    }
  }

  @Test
  void zerosAreSkippedOnTopOfWhatGatesSkip() {
    try (Model model = model(new LinearGate(), 4, 4)) {
      float[] in = new float[784];
      Arrays.fill(in, 0, 149, 0.5f);
      // half of the units that the first layer opens stay at zero
      for (int unit = 0; unit < 128; unit += 2) {
        TestModels.setBias(TestModels.layer(model, 0), unit, 1f);
      }
      Predictor predictor =
          Predictor.of(model, FeatureCheck.NONE, KernelProvider.kernels(), ZeroSkipping.ALWAYS);
      predictor.predict(in, new float[10]);
      MacCount macs = predictor.macs();
      assertLayer(macs, 0, 128 * 149, 16 * 149, 0);
      assertLayer(macs, 1, 128 * 64, 16 * 64, 0);
      assertEquals(401_408 - 100_352, macs.skippedByGateMacs(0));
      assertEquals(128 * 635, macs.skippedAsZeroMacs(0));
      assertEquals(16 * 635, macs.gateSkippedAsZeroMacs(0));
      assertEquals(262_144 - 16_384, macs.skippedByGateMacs(1));
      assertEquals(128 * 64, macs.skippedAsZeroMacs(1));
      assertEquals(30_672, macs.executedMacs() - macs.panelMacs(2));
      assertEquals(132_608, macs.structuralMacs());
    }
  }

  @Test
  void allBlocksOpenCostTheGatesOnTop() {
    try (Model model = model(new LinearGate(), 16, 16)) {
      MacCount macs = predicted(model);
      assertEquals(12_544 + 8_192, macs.gateMacs(0) + macs.gateMacs(1));
      assertEquals(689_408, macs.executedMacs());
      assertEquals(1.0310, MacFormulas.relative(macs.executedMacs(), 668_672), 5e-5);
    }
  }

  @Test
  void allBlocksClosedStillCostTheFirstGate() {
    try (Model model = model(new LinearGate(), 0, 0)) {
      assertEquals(12_544, predicted(model).executedMacs());
    }
  }

  @Test
  void lowRankGatesReadOpenInputsInTheirFirstProductAlone() {
    try (Model model = model(new LowRankGate(32), 4, 4)) {
      MacCount macs = predicted(model);
      assertEquals(32 * 784 + 16 * 32, macs.gateMacs(0));
      assertEquals(32 * 128 + 16 * 32, macs.gateMacs(1));
    }
  }

  @Test
  void aBatchExecutesClosedInputsAsZeros() {
    try (Model model = model(new LinearGate(), 4, 4);
        BatchPredictor batch = BatchPredictor.of(model, 3)) {
      batch.predict(new float[3 * 784], 3, new float[30]);
      assertEquals(3 * 132_608, batch.structuralMacs().executedMacs());
      MacCount executed = batch.macs();
      assertLayer(executed, 0, 3 * 100_352, 3 * 12_544, 0);
      assertLayer(executed, 1, 3 * 65_536, 3 * 8_192, 0);
      assertLayer(executed, 2, 3 * 5_120, 0, 3 * 3_072);
      assertEquals(3 * 191_744, executed.executedMacs());
    }
  }
}
