package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.audit.Audit;
import dev.sluice.audit.AuditSettings;
import dev.sluice.audit.Books;
import dev.sluice.audit.StructuralEntry;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.meter.FlopMeter;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Relative MACs are made of structural ones, in which are MACs that were skipped: measured by not skipping them.
class StructuralBooksTest {
  private static final int SEEDS = 60;
  private static final int ROWS = 3;

  @Test
  void structuralMacsAreThoseMeasuredWithZerosMultiplied() {
    long skipped = 0;
    long deadExecuted = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(3000 + seed);
      try (Model model = TestModels.random(TestModels.randomSpec(random), random)) {
        TiledPredictorTest.kill(model, random.nextDouble(0.05, 0.5), random);
        float[][] rows = rows(model.spec().inputs(), random);
        for (ZeroSkipping skipping : List.of(ZeroSkipping.ALWAYS, ZeroSkipping.OFF)) {
          Audit audit = Audit.of(model, rows, settings(skipping));
          assertEquals(List.of(), audit.differences(), "seed=" + seed + ", " + skipping);
          assertEquals(
              audit.promised().structuralMacs(),
              audit.books().structural().stream().mapToLong(StructuralEntry::measuredMacs).sum(),
              "seed=" + seed);
          skipped += audit.promised().skippedAsZeroMacs();
          deadExecuted += deadExecuted(audit.promised());
        }
      }
    }
    assertTrue(skipped > 0 && deadExecuted > 0, skipped + " " + deadExecuted);
  }

  @Test
  void anAccountThatMakesUpWhatItSkippedIsFound() {
    assertFound(0, wrong -> wrong.add(MacCount.Kind.PANEL, 0, 0, 0, 1));
    assertFound(1, wrong -> wrong.add(MacCount.Kind.PANEL, 1, 0, 0, -1));
  }

  @Test
  void anAccountThatMakesUpDeadTilesIsFound() {
    assertFound(0, wrong -> wrong.addPrunedNotSkipped(0, 1));
  }

  @Test
  void macsSkippedInOneLayerAndToldOfAnotherAreFound() {
    try (Model model = model()) {
      Audited audited = Audited.of(model);
      MacCounter wrong = copy(audited.promised);
      wrong.add(MacCount.Kind.PANEL, 0, 0, 0, -2);
      wrong.add(MacCount.Kind.PANEL, 1, 0, 0, 2);
      assertEquals(2, audited.books(wrong).differences().size());
    }
  }

  private static void assertFound(int layer, Consumer<MacCounter> change) {
    try (Model model = model()) {
      Audited audited = Audited.of(model);
      Books honest = audited.books(audited.promised);
      assertEquals(List.of(), honest.differences());
      assertTrue(honest.isBalanced());
      MacCounter wrong = copy(audited.promised);
      change.accept(wrong);
      Books books = audited.books(wrong);
      assertFalse(books.isBalanced());
      assertEquals(1, books.differences().size());
      String expected =
          "structural MACs differ from those measured with zeros multiplied: layer="
              + layer
              + ", kind=panel, promised=";
      String difference = books.differences().getFirst();
      assertTrue(difference.startsWith(expected), difference);
    }
  }

  /// The same rows with zeros skipped and multiplied.
  private record Audited(
      MacCount promised, Books own, MacCount multipliedAccount, Books multiplied) {
    static Audited of(Model model) {
      FlopMeter meter = FlopMeter.of(KernelProvider.all().getLast());
      MacCount skipping = answer(model, ZeroSkipping.ALWAYS, meter);
      Books own = Books.of(model, skipping, meter);
      MacCount multiplying = answer(model, ZeroSkipping.OFF, meter);
      assertTrue(skipping.executedMacs() < multiplying.executedMacs());
      return new Audited(skipping, own, multiplying, Books.of(model, multiplying, meter));
    }

    Books books(MacCount account) {
      return own.withStructural(account, multiplied, multipliedAccount);
    }
  }

  private static MacCount answer(Model model, ZeroSkipping skipping, FlopMeter meter) {
    MacCounter count = new MacCounter(model.spec().layers().size());
    try (Predictor predictor = Predictor.of(model, FeatureCheck.NONE, meter.kernels(), skipping)) {
      meter.reset();
      for (float[] row : rows(model.spec().inputs(), new SplittableRandom(2))) {
        predictor.predict(row, new float[model.spec().outputs()]);
        count.add(predictor.macs());
      }
    }
    return count;
  }

  private static Model model() {
    ModelSpec spec =
        ModelSpec.dense(List.of(30, 40, 20, 3), 16, Activation.RELU, OutputForm.SOFTMAX);
    return TestModels.random(spec, new SplittableRandom(1));
  }

  private static AuditSettings settings(ZeroSkipping skipping) {
    return new AuditSettings(
        KernelProvider.all().getLast(), skipping, Budget.none(), 0, false, false);
  }

  private static float[][] rows(int inputs, SplittableRandom random) {
    float[] all = TestModels.randomRows(ROWS, inputs, random);
    float[][] rows = new float[ROWS][];
    for (int row = 0; row < ROWS; row++) {
      rows[row] = Arrays.copyOfRange(all, row * inputs, (row + 1) * inputs);
    }
    return rows;
  }

  private static MacCounter copy(MacCount count) {
    MacCounter copy = new MacCounter(count.layers());
    copy.add(count);
    return copy;
  }

  private static long deadExecuted(MacCount count) {
    long sum = 0;
    for (int layer = 0; layer < count.layers(); layer++) {
      sum += count.prunedNotSkippedMacs(layer);
    }
    return sum;
  }
}
