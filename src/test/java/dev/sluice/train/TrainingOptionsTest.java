package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingOptionsTest {
  private static Arguments training(String message, UnaryOperator<TrainingOptions.Builder> change) {
    ThrowingCallable build = () -> change.apply(TrainingOptions.builder()).build();
    return Arguments.of(message, build);
  }

  private static Arguments gates(String message, UnaryOperator<GateOptions.Builder> change) {
    ThrowingCallable build = () -> change.apply(GateOptions.builder()).build();
    return Arguments.of(message, build);
  }

  private static Arguments other(String message, ThrowingCallable build) {
    return Arguments.of(message, build);
  }

  static Stream<Arguments> outOfRange() {
    return Stream.of(
        training("epochs=0.0", b -> b.epochs(0)),
        training("batchSize=0.0", b -> b.batchSize(0)),
        training("dropout=1.0", b -> b.dropout(1)),
        training("inputDropout=-0.1", b -> b.inputDropout(-0.1)),
        training("clipNorm=NaN", b -> b.clipNorm(Double.NaN)),
        training("labelSmoothing=1.5", b -> b.labelSmoothing(1.5)),
        training("patience=-1", b -> b.patience(-1)),
        training("validationShare=1.0", b -> b.validationShare(1)),
        gates("macBudget=0.0", b -> b.macBudget(0)),
        gates("macBudget=1.5", b -> b.macBudget(1.5)),
        gates("initialOpening=1.0", b -> b.initialOpening(1)),
        gates("temperature end=0.0", b -> b.temperature(Schedule.linear(1, 0, 1))),
        gates("threshold start=1.0", b -> b.threshold(Schedule.constant(1))),
        gates("learningRateScale=0.0", b -> b.learningRateScale(0)),
        gates("varianceWeight=-1.0", b -> b.varianceWeight(-1)),
        other("learningRate peak=0.0", () -> LearningRate.constant(0)),
        other("beta2=1.0", () -> new OptimizerOptions.AdamW(0.9, 1, 1e-8, 0)),
        other("momentum=1.0", () -> new OptimizerOptions.Sgd(1, false, 0)),
        other("huber delta=0.0", () -> new RegressionLoss.Huber(0)),
        other("distillation weight=2.0", () -> new Distillation(1, 2)),
        other("augmentation shift=-1", () -> Augmentation.shifts(-1)),
        other("augmentation noise=-1.0", () -> new Augmentation(0, false, -1, 8)),
        other("augmentation variants=0.0", () -> new Augmentation(1, false, 0, 0)),
        other("penalty target=2.0", () -> new UsagePenalty(UsagePenalty.Kind.HINGE, 1, 2)));
  }

  @ParameterizedTest
  @MethodSource("outOfRange")
  void valuesOutOfRangeAreRejectedByName(String message, ThrowingCallable build) {
    assertThatThrownBy(build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("training option out of range: ")
        .hasMessageContaining(message + ", expected=");
  }

  /// A checkpoint compares settings: an option that is not among them could be changed between interrupt and resume.
  @Test
  void settingsHoldEveryOption() {
    Map<String, String> settings = TrainingOptions.defaults().settings();
    for (RecordComponent component : TrainingOptions.class.getRecordComponents()) {
      Class<?> type = component.getType();
      if (type != GateOptions.class
          && type != StageOptions.class
          && type != StructuralPlasticity.class) {
        assertThat(settings).containsKey(component.getName());
      }
    }
    for (RecordComponent component : StageOptions.class.getRecordComponents()) {
      assertThat(settings).containsKey("stages." + component.getName());
    }
    for (RecordComponent component : GateOptions.class.getRecordComponents()) {
      assertThat(settings).containsKey("gates." + component.getName());
    }
    for (RecordComponent component : StructuralPlasticity.class.getRecordComponents()) {
      assertThat(settings).containsKey("plasticity." + component.getName());
    }
    assertThat(settings)
        .containsEntry("batchSize", "128")
        .containsEntry("gates.macBudget", "OptionalDouble.empty");
  }

  @Test
  void anotherValueMakesOtherSettings() {
    TrainingOptions options = TrainingOptions.builder().dropout(0.3).build();
    assertThat(options.settings()).isNotEqualTo(TrainingOptions.defaults().settings());
    assertThat(options.settings()).isEqualTo(options.toBuilder().build().settings());
  }

  @Test
  void buildersStartFromWhatTheyAreMadeOf() {
    GateOptions gates =
        GateOptions.builder()
            .macBudget(0.3)
            .initialOpening(0.6)
            .temperature(Schedule.linear(2, 1, 0.5))
            .threshold(Schedule.constant(0.4))
            .warmUpShare(0.1)
            .rampShare(0.2)
            .penalties(List.of(new UsagePenalty(UsagePenalty.Kind.USAGE, 1, 0)))
            .blockFloor(0.1, 2)
            .varianceWeight(3)
            .learningRateScale(0.5)
            .clipNorm(1)
            .decision(TrainingDecision.BERNOULLI)
            .closedBlockGradient(false)
            .build();
    TrainingOptions options =
        new TrainingOptions(
            3,
            17,
            5,
            new OptimizerOptions.Sgd(0.9, true, 1e-3),
            LearningRate.constant(0.1),
            0.1,
            0.2,
            1,
            0.05,
            new RegressionLoss.Huber(2),
            new Distillation(2, 0.5),
            4,
            0.3,
            new Augmentation(2, true, 0.1, 5),
            new StageOptions(List.of(0.5, 1.0), false, 0.3, 1, OptionalDouble.of(0.4), 0.02),
            gates,
            StructuralPlasticity.rigl(0.3).everySteps(7).build());
    assertThat(gates.toBuilder().build()).isEqualTo(gates);
    assertThat(options.toBuilder().build()).isEqualTo(options);
    assertThat(gates).isNotEqualTo(GateOptions.defaults());
  }
}
