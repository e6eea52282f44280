package dev.sluice.experiment.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.data.StrokeDigits;
import dev.sluice.experiment.Cancellation;
import dev.sluice.experiment.Execution;
import dev.sluice.experiment.ExperimentData;
import dev.sluice.experiment.ExperimentListener;
import dev.sluice.experiment.Recipe;
import dev.sluice.train.LearningRate;
import dev.sluice.train.StructuralPlasticity;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What papers' networks learn, on a few drawn digits.
class PaperNetsTest {
  private static final ExperimentData DIGITS =
      new ExperimentData(
          "digits", StrokeDigits.generate(600, 1), StrokeDigits.generateTest(200, 1));

  private static Map<String, Map<Metric, Double>> run(String paper, String setting, int epochs) {
    PaperSetting own = Papers.of(paper).setting(setting);
    Recipe recipe = own.recipe().withHidden(List.of(64));
    recipe =
        recipe.withOptions(
            recipe.options().toBuilder()
                .epochs(epochs)
                .batchSize(32)
                .learningRate(LearningRate.constant(2e-3))
                .build());
    Map<String, Map<Metric, Double>> figures = new LinkedHashMap<>();
    new Reproduction(
            own, recipe, DIGITS, Execution.single(new Cancellation()), new ExperimentListener() {})
        .run(List.of(1L))
        .forEach(
            row ->
                figures
                    .computeIfAbsent(row.net(), _ -> new EnumMap<>(Metric.class))
                    .put(row.metric(), row.ours().mean()));
    return figures;
  }

  private static double figure(
      Map<String, Map<Metric, Double>> figures, String net, Metric metric) {
    Map<Metric, Double> own = figures.getOrDefault(net, Map.of());
    assertTrue(own.containsKey(metric), net + " lacks " + metric + ": " + figures);
    return own.getOrDefault(metric, Double.NaN);
  }

  @Test
  void auxiliaryLossesSpreadTheLoadOfExperts() {
    for (String[] names :
        List.of(new String[] {"switch", "switch"}, new String[] {"noisy-top-k", "noisy top-2"})) {
      var figures = run(names[0], "mnist", 6);
      String without = names[1] + ", no auxiliary losses";
      double spread = figure(figures, names[1], Metric.LOAD_VARIATION);
      double plain = figure(figures, without, Metric.LOAD_VARIATION);
      assertTrue(spread < plain, figures.toString());
      assertTrue(
          figure(figures, names[1], Metric.USAGE_ENTROPY)
              > figure(figures, without, Metric.USAGE_ENTROPY),
          figures.toString());
      assertTrue(!figures.getOrDefault("dense", Map.of()).containsKey(Metric.LOAD_VARIATION));
      assertEquals(
          names[0].equals("switch") ? 6272 : 12544, figure(figures, without, Metric.ROUTER_MACS));
    }
  }

  @Test
  void ponderingThatCostsMoreStopsEarlier() {
    var figures = run("act", "mnist", 6);
    assertTrue(
        figure(figures, "halting, τ 0.1", Metric.PONDER)
            < figure(figures, "halting, τ 0", Metric.PONDER) - 0.1,
        figures.toString());
    for (String net : List.of("halting, τ 0", "halting, τ 0.1")) {
      double stages = figure(figures, net, Metric.STAGES);
      double ponder = figure(figures, net, Metric.PONDER);
      assertTrue(ponder > stages && ponder <= stages + 1, figures.toString());
    }
  }

  @Test
  void interpolatedLayersLearnWithMostUnitsInactive() {
    var figures = run("midl", "mnist", 6);
    for (String net : List.of("MID-L, units", "MID-L, units, open ones learn")) {
      assertEquals(1 - 28 / 64.0, figure(figures, net, Metric.INACTIVE_SHARE), 1e-9);
      assertTrue(figure(figures, net, Metric.ACCURACY) > 0.5, figures.toString());
      assertTrue(figure(figures, net, Metric.NOISE_50) < figure(figures, net, Metric.ACCURACY));
      double bits = figure(figures, net, Metric.SLICED_INFORMATION);
      assertTrue(bits > 0.2 && bits < Math.log(10) / Math.log(2), "bits=" + bits);
      // open units lie in all blocks, which run whole
      assertTrue(figure(figures, net, Metric.RELATIVE_MACS) > 1, figures.toString());
      assertTrue(figure(figures, net, Metric.UNIT_MACS) < 1, figures.toString());
    }
    assertEquals(
        figure(figures, "MID-L, blocks", Metric.UNIT_MACS),
        figure(figures, "MID-L, blocks", Metric.RELATIVE_MACS),
        1e-9);
  }

  @Test
  void randomBlocksAreWorseThanAPolicy() {
    var figures = run("bengio2015", "mnist", 6);
    assertTrue(
        figure(figures, "uniform block dropout", Metric.ERROR)
            > figure(figures, "policy, threshold", Metric.ERROR),
        figures.toString());
    assertTrue(
        figure(figures, "uniform block dropout", Metric.GATE_SPREAD) > 0, figures.toString());
  }

  @Test
  void baselinesOfDynamicGateSkipWhatTheyPruned() {
    var figures = run("dynamicgate", "mnist", 3);
    // 25 tiles of inputs × 2 blocks, 70 % and 25 % of them; of the last 16 inputs' tiles there are
    // 2
    double dense = 784 * 64 + 64 * 10;
    for (var expected : Map.of("Pruned", 35, "RigL", 13).entrySet()) {
      double most = (expected.getValue() * 32 * 32 + 640) / dense;
      double relative = figure(figures, expected.getKey(), Metric.RELATIVE_MACS);
      assertTrue(relative <= most && relative >= most - 2 * 16 * 32 / dense, figures.toString());
    }
    assertTrue(run("dynamicgate", "mnist-linear", 1).containsKey("Switch-MoE"));
  }

  @Test
  void rewiringIsOftenEnoughForShortTrainings() {
    StructuralPlasticity asked = StructuralPlasticity.rigl(0.25).everySteps(400).build();
    assertEquals(5, asked.rewiringAtLeast(10, 70).everySteps());
    assertEquals(400, asked.rewiringAtLeast(10, 100_000).everySteps());
    assertEquals(1, asked.rewiringAtLeast(10, 3).everySteps());
  }
}
