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
            own,
            recipe,
            DIGITS,
            Execution.single(new Cancellation()),
            new ExperimentListener() {})
        .run(List.of(1L))
        .forEach(
            row ->
                figures
                    .computeIfAbsent(row.net(), _ -> new EnumMap<>(Metric.class))
                    .put(row.metric(), row.ours().mean()));
    figures.forEach((net, row) -> System.err.println(net + " " + row));
    return figures;
  }

  @Test
  void auxiliaryLossesSpreadTheLoadOfExperts() {
    for (String paper : List.of("switch", "noisy-top-k")) {
      var figures = run(paper, "mnist", 6);
    }
  }

  @Test
  void ponderingThatCostsMoreStopsEarlier() {
    var figures = run("act", "mnist", 6);
  }

  @Test
  void midl() {
    var figures = run("midl", "mnist", 6);
  }

  @Test
  void bengio() {
    var figures = run("bengio2015", "mnist", 6);
  }
}
