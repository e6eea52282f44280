package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.data.Dataset;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.runtime.Budget;
import dev.sluice.runtime.Dial;
import dev.sluice.runtime.Predictor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is evaluated is what is executed, row by row.
class StagedForwardTest {
  private static final Dataset ROWS = TestData.clouds(300, 12, 4, 17);

  private static ModelSpec spec(boolean shares, ExitSpec exit, @Nullable ExitSpec last) {
    GateSpec gate = GateSpec.of(GateForms.parse("linear"), Granularity.BLOCK);
    return StagedSpecs.of(
        12,
        StagedSpecs.stage(
            FeatureSelection.of(0, 3, 4, 9), false, exit, Activation.RELU, null, 9, 4),
        StagedSpecs.stage(
            FeatureSelection.of(1, 2, 3, 5, 7), shares, exit, Activation.GELU, null, 20, 12, 4),
        StagedSpecs.stage(FeatureSelection.all(), shares, last, Activation.RELU, gate, 40, 32, 4));
  }

  static Stream<ModelSpec> specs() {
    return Stream.of(ExitSpec.Measure.values())
        .map(measure -> new ExitSpec.Confidence(measure, 0.6f))
        .flatMap(exit -> Stream.of(spec(false, exit, null), spec(true, exit, null)));
  }

  private static TrainingResult train(ModelSpec spec) {
    GateOptions gates = GateOptions.builder().macBudget(0.4).build();
    boolean exits = Budgets.exitsByConfidence(spec);
    StageOptions stages = StageOptions.defaults();
    TrainingOptions options =
        TrainingOptions.builder()
            .epochs(2)
            .batchSize(32)
            .gates(exits ? gates : gates.toBuilder().macBudget(0.9).build())
            .stages(exits ? stages.withGateBudget(0.9) : stages)
            .build();
    return Trainer.builder(spec, options, TestData.clouds(600, 12, 4, 3))
        .validation(ROWS)
        .build()
        .train();
  }

  @ParameterizedTest
  @MethodSource("specs")
  void everyRowIsAnsweredByTheStageAndAtTheCostThatTheTableSays(ModelSpec spec) {
    TrainingResult result = train(spec);
    try (Model model = result.model();
        Predictor predictor = Predictor.of(model)) {
      ExitTable table = ExitTable.of(model, ROWS);
      List<Float> thresholds = ExitThresholds.of(model.spec());
      assertThat(IntStream.of(table.answered(thresholds)).filter(rows -> rows > 0).count())
          .as("more than one stage answers")
          .isGreaterThan(1);
      compare(predictor, table, thresholds, result.validation().orElseThrow());
      for (Dial.Setting setting : Dial.of(model).orElseThrow().settings()) {
        predictor.budget(Budget.setting(setting));
        try (ModelCalibration calibration = ModelCalibration.of(model, ROWS)) {
          ExitTable shifted = calibration.table(setting.gateShift());
          Evaluation measured = shifted.evaluation(setting.exitThresholds());
          assertThat(measured.relativeMacs()).isEqualTo(setting.relativeMacs());
          assertThat(measured.accuracy()).isEqualTo(setting.accuracy());
          compare(predictor, shifted, setting.exitThresholds(), measured);
        }
      }
    }
  }

  private static void compare(
      Predictor predictor, ExitTable table, List<Float> thresholds, Evaluation evaluation) {
    float[] in = new float[12];
    float[] out = new float[4];
    long macs = 0;
    int right = 0;
    for (int row = 0; row < ROWS.rows(); row++) {
      ROWS.copyFeatures(row, MemorySegment.ofArray(in), 0);
      predictor.predict(in, out);
      int stage = table.answer(row, thresholds);
      assertThat(predictor.stage()).as("row %d", row).isEqualTo(stage);
      assertThat(predictor.macs().structuralMacs()).isEqualTo(table.macs(stage, row));
      assertThat(largest(out) == ROWS.label(row)).isEqualTo(table.isRight(stage, row));
      macs += predictor.macs().structuralMacs();
      right += table.isRight(stage, row) ? 1 : 0;
    }
    double dense = predictor.spec().denseMacs();
    assertThat((double) macs / ROWS.rows() / dense).isEqualTo(evaluation.relativeMacs());
    assertThat((double) right / ROWS.rows()).isEqualTo(evaluation.accuracy());
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int index = 1; index < values.length; index++) {
      best = values[index] > values[best] ? index : best;
    }
    return best;
  }

  @Test
  void haltedRowsCostAndAnswerWhatAPredictorSays() {
    for (boolean shares : List.of(false, true)) {
      ExitSpec halting = new ExitSpec.Halting(0.3f);
      TrainingResult result = train(spec(shares, halting, halting));
      try (Model model = result.model();
          Predictor predictor = Predictor.of(model)) {
        ExitTable table = ExitTable.of(model, ROWS);
        assertThat(table.answers()).isEqualTo(1);
        float[] in = new float[12];
        float[] out = new float[4];
        long macs = 0;
        for (int row = 0; row < ROWS.rows(); row++) {
          ROWS.copyFeatures(row, MemorySegment.ofArray(in), 0);
          predictor.predict(in, out);
          assertThat(predictor.macs().structuralMacs()).isEqualTo(table.macs(0, row));
          assertThat(largest(out) == ROWS.label(row)).isEqualTo(table.isRight(0, row));
          macs += table.macs(0, row);
        }
        assertThat((double) macs / ROWS.rows() / predictor.spec().denseMacs())
            .isEqualTo(result.validation().orElseThrow().relativeMacs());
      }
    }
  }
}
