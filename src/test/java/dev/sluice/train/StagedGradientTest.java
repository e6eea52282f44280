package dev.sluice.train;

import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.StageSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Networks of stages, in the way of [GradientTest].
class StagedGradientTest {
  private static final GateSpec GATE =
      new GateSpec(GateForms.parse("linear"), Granularity.BLOCK, 0.7f, 0.55f, 1);

  private static final FeatureSelection SOME = FeatureSelection.of(0, 2, 3);

  private static ModelSpec threeStages(boolean shares, ExitSpec exit, boolean lastHasExit) {
    return StagedSpecs.of(
        5,
        StagedSpecs.stage(SOME, false, exit, Activation.TANH, null, 7, 9, 3),
        StagedSpecs.stage(FeatureSelection.all(), shares, exit, Activation.GELU, null, 20, 12, 3),
        StagedSpecs.stage(
            FeatureSelection.of(1, 4),
            shares,
            lastHasExit ? exit : null,
            Activation.TANH,
            GATE,
            18,
            16,
            10,
            3));
  }

  private static TrainingOptions.Builder options() {
    GateOptions gates =
        GateOptions.builder()
            .temperature(Schedule.constant(0.7f))
            .threshold(Schedule.constant(0.55f))
            .initialOpening(0.56)
            .build();
    return TrainingOptions.builder().batchSize(7).seed(3).gates(gates);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gradientsFlowThroughJoinsSelectionsAndAllHeads(boolean shares) {
    ModelSpec spec = threeStages(shares, StagedSpecs.EXIT, false);
    GradientTest.assertGradientsAreDifferences(spec, options().build(), 0, 0);
    StageOptions weights = StageOptions.defaults().withWeights(List.of(0.3, 1.7, 0.8));
    GradientTest.assertGradientsAreDifferences(spec, options().stages(weights).build(), 0, 1.3);
  }

  @Test
  void gradientsStopWhereStagesShareIfToldTo() {
    StageOptions stages = StageOptions.defaults().withSharedGradient(false);
    ModelSpec spec =
        StagedSpecs.of(
            5,
            StagedSpecs.stage(SOME, false, StagedSpecs.EXIT, Activation.TANH, null, 7, 9, 3),
            StagedSpecs.stage(
                FeatureSelection.all(), true, null, Activation.GELU, null, 20, 12, 3));
    GradientTest.assertGradientsAreDifferences(
        spec, options().stages(stages).dropout(0.3).build(), 0, 0);
  }

  @Test
  void distillationWithinAndFocusLearnOnlyThroughTheHeadTheyAreFor() {
    StageOptions stages = StageOptions.defaults().withSelfDistillation(0.4).withFocus(0.7);
    GradientTest.assertGradientsAreDifferences(
        threeStages(true, StagedSpecs.EXIT, false),
        options().stages(stages).labelSmoothing(0.1).build(),
        0,
        0);
  }

  /// So that the last answer's rows lie further apart than the first one's.
  @Test
  void distillationWithinReadsTheRightRowsOfAHeadWithOtherBlocks() {
    LayerSpec hidden = new LayerSpec.Dense(12, 8, Activation.TANH);
    ModelSpec spec =
        StagedSpecs.of(
            5,
            StagedSpecs.stage(SOME, false, StagedSpecs.EXIT, Activation.TANH, null, 7, 3),
            new StageSpec(
                FeatureSelection.all(),
                false,
                List.of(hidden, new LayerSpec.Dense(3, 64, Activation.IDENTITY)),
                null));
    StageOptions stages = StageOptions.defaults().withSelfDistillation(0.4);
    GradientTest.assertGradientsAreDifferences(spec, options().stages(stages).build(), 0, 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void haltingDescendsTheMixturesLossAndThePonderCost(boolean shares) {
    StageOptions stages = StageOptions.defaults().withPonderWeight(0.2);
    for (float epsilon : new float[] {0.01f, 0.5f}) {
      ModelSpec spec = threeStages(shares, new ExitSpec.Halting(epsilon), true);
      GradientTest.assertGradientsAreDifferences(spec, options().stages(stages).build(), 0, 0);
    }
  }
}
