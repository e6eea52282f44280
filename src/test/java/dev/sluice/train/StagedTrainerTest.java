package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.data.Dataset;
import dev.sluice.data.StrokeDigits;
import dev.sluice.kernel.Activation;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.runtime.Dial;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class StagedTrainerTest {
  private static final FeatureSelection EVERY_THIRD =
      FeatureSelection.of(IntStream.range(0, 784).filter(pixel -> pixel % 3 == 1).toArray());

  private static ModelSpec twoStages(boolean shares) {
    return StagedSpecs.of(
        784,
        StagedSpecs.stage(EVERY_THIRD, false, StagedSpecs.EXIT, Activation.RELU, null, 24, 10),
        StagedSpecs.stage(
            FeatureSelection.all(), shares, null, Activation.RELU, null, 128, 64, 10));
  }

  @Test
  void exitsMeetTheBudgetOnValidationRowsAndTheDialRises() {
    for (boolean shares : List.of(false, true)) {
      Dataset validation = StrokeDigits.generate(1000, 2);
      TrainingOptions options =
          TrainingOptions.builder()
              .epochs(6)
              .batchSize(64)
              .gates(GateOptions.builder().macBudget(0.3).build())
              .build();
      TrainingResult result =
          Trainer.builder(twoStages(shares), options, StrokeDigits.generate(2000, 1))
              .validation(validation)
              .build()
              .train();
      try (Model model = result.model()) {
        Evaluation evaluation = result.validation().orElseThrow();
        assertThat(evaluation.relativeMacs()).isLessThanOrEqualTo(0.3);
        assertThat(evaluation.relativeMacs()).isCloseTo(0.3, Offset.offset(0.005));
        assertThat(evaluation.accuracy()).isGreaterThan(0.75);
        List<Float> thresholds = ExitThresholds.of(model.spec());
        ExitTable table = ExitTable.of(model, validation);
        assertThat(table.evaluation(thresholds)).isEqualTo(evaluation);
        Dial dial = Dial.of(model).orElseThrow();
        assertThat(dial.settings()).hasSizeGreaterThan(3);
        for (int index = 1; index < dial.settings().size(); index++) {
          assertThat(dial.settings().get(index).accuracy())
              .isGreaterThan(dial.settings().get(index - 1).accuracy());
        }
        for (Dial.Setting setting : dial.settings()) {
          assertThat(table.relativeMacs(setting.exitThresholds()))
              .isEqualTo(setting.relativeMacs());
        }
      }
    }
  }
}
