package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.kernel.Activation;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// A cap holds for every row, whatever its features; networks are drawn from seeds that failures print.
class MostMacsTest {
  private static final int SEEDS = 60;
  private static final int ROWS = 6;

  private static ModelSpec spec(long seed, SplittableRandom random) {
    return seed % 2 == 0 ? TestModels.randomSpec(random) : TestModels.randomStagedSpec(random);
  }

  private static long smallest(Predictor predictor) {
    return smallest(() -> predictor.budget(Budget.mostMacs(0)));
  }

  private static long smallest(Executable budgetOfNone) {
    String message = assertThrows(IllegalArgumentException.class, budgetOfNone).getMessage();
    String before = "budget is below the smallest possible cost of a row: macs=0, smallest=";
    assertTrue(message.startsWith(before), message);
    return Long.parseLong(message.substring(before.length()));
  }

  @Test
  void noRowExceedsACapAndBatchesAnswerTheSame() {
    boolean anyLimited = false;
    for (long seed = 1; seed <= SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ModelSpec spec = spec(seed, random);
      try (Model model = TestModels.random(spec, random);
          Predictor predictor = Predictor.of(model);
          BatchPredictor batch = BatchPredictor.of(model, ROWS)) {
        float[] in = TestModels.randomRows(ROWS, spec.inputs(), random);
        float[] free = answers(batch, in);
        long smallest = smallest(predictor);
        for (int trial = 0; trial < 6; trial++) {
          long cap = trial == 0 ? smallest : smallest + random.nextLong(2 * spec.denseMacs());
          String where = "seed=" + seed + ", cap=" + cap + ", spec=" + spec;
          predictor.budget(Budget.mostMacs(cap));
          batch.budget(Budget.mostMacs(cap));
          anyLimited |= !Arrays.equals(free, assertWithin(cap, predictor, batch, in, where));
        }
        batch.budget(Budget.none());
        PredictorBitsTest.assertBits(free, answers(batch, in), "seed=" + seed + ", freed");
        batch.budget(Budget.mostMacs(Long.MAX_VALUE));
        PredictorBitsTest.assertBits(free, answers(batch, in), "seed=" + seed + ", uncapped");
      }
    }
    assertTrue(anyLimited, "no cap ever changed an answer");
  }

  private static float[] answers(BatchPredictor batch, float[] in) {
    float[] out = new float[ROWS * batch.spec().outputs()];
    batch.predict(in, ROWS, out);
    return out;
  }

  private static float[] assertWithin(
      long cap, Predictor predictor, BatchPredictor batch, float[] in, String where) {
    float[] together = answers(batch, in);
    int inputs = predictor.inputs();
    int outputs = predictor.outputs();
    float[] alone = new float[outputs];
    for (int row = 0; row < ROWS; row++) {
      predictor.predict(Arrays.copyOfRange(in, row * inputs, (row + 1) * inputs), alone);
      long macs = predictor.macs().structuralMacs();
      assertTrue(macs <= cap, where + ", row=" + row + ", macs=" + macs);
      float[] expected = Arrays.copyOfRange(together, row * outputs, (row + 1) * outputs);
      PredictorBitsTest.assertBits(expected, alone, where + ", row=" + row);
      assertEquals(predictor.stage(), batch.stage(row), where);
    }
    return together;
  }

  @Test
  void aLargerCapNeverLimitsMore() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ModelSpec spec = spec(seed, random);
      int[] mostOpen = mostOpen(spec);
      long cap = smallest(() -> WorstCase.within(spec, mostOpen, 0));
      WorstCase smaller = WorstCase.within(spec, mostOpen, cap);
      for (int step = 0; step < 40; step++) {
        cap += random.nextLong(1 + spec.denseMacs() / 20);
        WorstCase larger = WorstCase.within(spec, mostOpen, cap);
        String where = "seed=" + seed + ", cap=" + cap;
        assertTrue(larger.lastStage() >= smaller.lastStage(), where);
        for (int layer = 0; layer < mostOpen.length; layer++) {
          assertTrue(larger.mostGates()[layer] >= smaller.mostGates()[layer], where);
        }
        smaller = larger;
      }
      WorstCase all = WorstCase.within(spec, mostOpen, Long.MAX_VALUE);
      assertEquals(spec.stages().size() - 1, all.lastStage());
      assertArrayEquals(mostOpen, all.mostGates());
    }
  }

  private static int[] mostOpen(ModelSpec spec) {
    return spec.layers().stream()
        .mapToInt(layer -> layer instanceof LayerSpec.Gated gated ? gated.gates() : 0)
        .toArray();
  }

  /// Eight blocks of eight over two inputs: a gate costs 16, a block 16, the head 10 per open unit.
  @Test
  void theHighestScoringBlocksRun() {
    GateSpec gate = new GateSpec(new LinearGate(), Granularity.BLOCK, 1f, 0.5f, 0);
    ModelSpec spec =
        ModelSpec.gated(List.of(2, 64, 10), 8, Activation.RELU, OutputForm.SOFTMAX, gate);
    try (Model model = TestModels.zeros(spec);
        Predictor predictor = Predictor.of(model)) {
      for (int block = 0; block < 8; block++) {
        TestModels.setBias(TestModels.gate(model, 0, 0), block, 1 + (block * 3) % 8);
      }
      // logits 1 4 7 2 5 8 3 6
      assertEquals(16 + 16 + 80, smallest(predictor));
      assertEquals("[5]", openAt(predictor, 16 + 96));
      assertEquals("[5]", openAt(predictor, 16 + 2 * 96 - 1));
      assertEquals("[2, 5]", openAt(predictor, 16 + 2 * 96));
      assertEquals("[2, 5, 7]", openAt(predictor, 16 + 4 * 96 - 1));
      assertEquals("[0, 1, 2, 3, 4, 5, 6, 7]", openAt(predictor, 16 + 8 * 96));
    }
  }

  private static String openAt(Predictor predictor, long cap) {
    predictor.budget(Budget.mostMacs(cap));
    predictor.predict(new float[2], new float[10]);
    return predictor.openBlocks(0).toString();
  }
}
