package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.data.Dataset;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.memory.Panels;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which tiles live, step by step.
class PlasticityTest {
  private static final Dataset DATA = TestData.clouds(64, 100, 4, 3);

  /// 40 × 100 in blocks of 8: 5 × 4 tiles; 24 × 40: 3 × 2 tiles.
  private static final ModelSpec SPEC =
      ModelSpec.dense(List.of(100, 40, 24, 4), 8, Activation.RELU, OutputForm.SOFTMAX);

  private static TrainingOptions options(StructuralPlasticity plasticity, String optimizer) {
    OptimizerOptions update =
        optimizer.equals("adamw")
            ? OptimizerOptions.AdamW.withDecay(0.1)
            : new OptimizerOptions.Sgd(0.9, true, 0.01);
    return TrainingOptions.builder()
        .epochs(1)
        .batchSize(64)
        .clipNorm(1)
        .optimizer(update)
        .learningRate(LearningRate.constant(0.01))
        .plasticity(plasticity)
        .build();
  }

  /// What is looked at after each step.
  private interface Check {
    void after(int step, StepFixture fixture);
  }

  private static void steps(TrainingOptions options, int steps, Check check) {
    try (StepFixture fixture = new StepFixture(SPEC, options, DATA);
        WorkTeam team = new WorkTeam()) {
      BudgetController budget =
          new BudgetController(OptionalDouble.empty(), GateOptions.defaults(), steps);
      TrainStep step = new TrainStep(fixture.state, options, team, DATA, steps, budget);
      int[] order = new int[DATA.rows()];
      Arrays.setAll(order, row -> row);
      for (int index = 0; index < steps; index++) {
        assertThat(step.run(index, order, 0).finite()).isTrue();
        check.after(index, fixture);
      }
    }
  }

  private static List<Panels> perWeight(StepFixture fixture, int layer) {
    Weights second = fixture.state.optimizer.secondMoments();
    Weights first = fixture.state.optimizer.firstMoments();
    return List.of(
        panels(fixture.state.weights, layer),
        panels(fixture.state.gradients, layer),
        panels(first, layer),
        panels(second == null ? first : second, layer));
  }

  private static Panels panels(Weights weights, int layer) {
    return weights.layers().get(layer).projection().weights();
  }

  private static long numbersInDeadTiles(Panels panels, TileMask mask) {
    long count = 0;
    for (int unit = 0; unit < panels.layout().units(); unit++) {
      for (int input = 0; input < panels.layout().inputs(); input++) {
        boolean isLive = mask.isLive(unit / panels.layout().blockSize(), input / 32);
        count += !isLive && panels.get(unit, input) != 0 ? 1 : 0;
      }
    }
    return count;
  }

  @ParameterizedTest
  @ValueSource(strings = {"adamw", "nesterov"})
  void rewiringFiresKeepsTheDensityAndLeavesDeadTilesAtZero(String optimizer) {
    StructuralPlasticity rigl =
        StructuralPlasticity.rigl(0.35).everySteps(4).gradientMemory(0.5).build();
    boolean[][] before = new boolean[2][];
    int[] changes = new int[1];
    steps(
        options(rigl, optimizer),
        40,
        (step, fixture) -> {
          boolean rewires = (step + 1) % 4 == 0 && step + 1 < 30;
          List<PlasticProduct> products = fixture.state.plasticity.products();
          int[] live = {7, 2};
          for (int layer = 0; layer < 2; layer++) {
            TileMask mask = products.get(layer).mask();
            assertThat(mask.liveTiles()).isEqualTo(live[layer]);
            List<Panels> numbers = perWeight(fixture, layer);
            for (int kind = 0; kind < numbers.size(); kind++) {
              // The gradient of a tile that died in this very step is that of a live one.
              if (kind != 1 || !rewires) {
                assertThat(numbersInDeadTiles(numbers.get(kind), mask)).isZero();
              }
            }
            boolean changed = !Arrays.equals(before[layer], mask.copy()) && before[layer] != null;
            assertThat(changed).as("step %d, layer %d", step, layer).isEqualTo(rewires);
            changes[0] += changed ? 1 : 0;
            before[layer] = mask.copy();
          }
          assertThat(fixture.state.plasticity.rewirings()).isEqualTo(Math.min(7, (step + 1) / 4));
        });
    assertThat(changes[0]).isEqualTo(14);
  }

  @Test
  void theHeadAndWhatIsNotAskedForStayDense() {
    StructuralPlasticity first =
        StructuralPlasticity.rigl(0.5)
            .layers(StructuralPlasticity.Layers.FIRST)
            .everySteps(1)
            .build();
    steps(
        options(first, "adamw"),
        4,
        (step, fixture) -> {
          assertThat(fixture.state.plasticity.products()).hasSize(1);
          for (int layer = 1; layer < 3; layer++) {
            Panels panels = panels(fixture.state.weights, layer);
            assertThat(dev.sluice.memory.TileMap.of(panels).liveShare()).isEqualTo(1);
          }
        });
  }

  @Test
  void magnitudePruningTrainsDenselyThenKeepsTheLargestTiles() {
    StructuralPlasticity prune = StructuralPlasticity.magnitude(0.5).pruneAtShare(0.4).build();
    boolean[] kept = new boolean[20];
    steps(
        options(prune, "adamw"),
        10,
        (step, fixture) -> {
          PlasticProduct product = fixture.state.plasticity.products().getFirst();
          assertThat(product.mask().liveTiles()).isEqualTo(step < 4 ? 20 : 10);
          assertThat(fixture.state.plasticity.isSettled(step + 1, 10)).isEqualTo(step >= 4);
          double[] squares = product.weightSquares();
          if (step == 3) {
            double median = Arrays.stream(squares).sorted().toArray()[10];
            for (int tile = 0; tile < 20; tile++) {
              kept[tile] = squares[tile] >= median;
            }
          } else if (step > 3) {
            assertThat(product.mask().copy()).isEqualTo(kept);
            assertThat(numbersInDeadTiles(panels(fixture.state.weights, 0), product.mask()))
                .isZero();
          }
        });
  }

  /// Weights of the first layer a hundred times larger: together only they survive, but for the largest tile of the second.
  @Test
  void globalPruningComparesLayersAndLeavesEachATile() {
    StructuralPlasticity prune =
        StructuralPlasticity.magnitude(0.5)
            .pruneAtShare(0)
            .scope(StructuralPlasticity.Scope.GLOBAL)
            .build();
    try (StepFixture fixture = new StepFixture(SPEC, options(prune, "adamw"), DATA)) {
      Panels first = panels(fixture.state.weights, 0);
      for (int unit = 0; unit < 40; unit++) {
        for (int input = 0; input < 100; input++) {
          first.set(unit, input, 100 * first.get(unit, input));
        }
      }
      fixture.state.plasticity.beforeStep(0, 10);
      assertThat(fixture.state.plasticity.products().get(0).mask().liveTiles()).isEqualTo(12);
      assertThat(fixture.state.plasticity.products().get(1).mask().liveTiles()).isEqualTo(1);
    }
  }

  /// By hand: 2 blocks of 8 units × 2 tiles of 32 inputs, one weight a tile, 3 alive. f(1 of 4, until 1) = ½·1·(1 + cos(π/4)) = 0.85, of
  /// three tiles 2 move, but only one is dead.
  @Test
  void oneRewiringWorkedByHand() {
    ModelSpec spec = ModelSpec.dense(List.of(64, 16, 3), 8, Activation.RELU, OutputForm.SOFTMAX);
    TrainingOptions options =
        TrainingOptions.builder()
            .plasticity(
                StructuralPlasticity.rigl(0.75)
                    .start(StructuralPlasticity.Start.MAGNITUDE)
                    .alpha(1)
                    .everySteps(1)
                    .untilShare(1)
                    .growDeviation(0)
                    .build())
            .build();
    try (Arena arena = Arena.ofConfined()) {
      Weights weights = Weights.allocate(arena, spec);
      Weights gradients = Weights.allocate(arena, spec);
      var kernels = KernelProvider.kernels();
      Optimizer optimizer =
          new Optimizer(arena, kernels.optimizer(), spec, weights, gradients, options);
      Panels w = panels(weights, 0);
      w.set(0, 0, 3f); // tile 0
      w.set(7, 63, -1f); // tile 1
      w.set(8, 5, 0.5f); // tile 2, the smallest: dead at the start
      w.set(15, 32, 2f); // tile 3
      Plasticity plasticity =
          new Plasticity(
              arena, kernels.elementwise(), spec, options, weights, gradients, optimizer);
      PlasticProduct product = plasticity.products().getFirst();
      assertThat(product.mask().copy()).containsExactly(true, true, false, true);
      assertThat(w.get(8, 5)).isZero();

      Panels g = panels(gradients, 0);
      g.set(0, 0, 5f);
      g.set(9, 6, 0.25f);
      Panels moment = panels(optimizer.firstMoments(), 0);
      moment.set(7, 63, 9f);
      plasticity.beforeStep(0, 4);
      product.takeGradient(0);
      product.takeGradient(1);
      assertThat(g.get(0, 0)).isEqualTo(5f);
      assertThat(g.get(9, 6)).as("of a dead tile").isZero();
      assertThat(product.gradientSquares()[2]).isEqualTo(0.0625);
      plasticity.afterUpdate(0, 4);

      assertThat(product.mask().copy()).containsExactly(true, false, true, true);
      assertThat(w.get(7, 63)).as("dropped").isZero();
      assertThat(moment.get(7, 63)).as("its moment").isZero();
      assertThat(w.get(0, 0)).isEqualTo(3f);
      assertThat(w.get(15, 32)).isEqualTo(2f);
    }
  }

  @Test
  void grownTilesHaveNormalWeightsOfTheDeviation() {
    StructuralPlasticity rigl =
        StructuralPlasticity.rigl(0.5).everySteps(1).alpha(1).growDeviation(0.02).build();
    boolean[][] before = new boolean[1][];
    double[] sum = new double[2];
    steps(
        options(rigl, "adamw"),
        6,
        (step, fixture) -> {
          PlasticProduct product = fixture.state.plasticity.products().getFirst();
          for (int tile = 0; tile < 20 && before[0] != null; tile++) {
            if (product.mask().isLive(tile) && !before[0][tile]) {
              sum[0] += product.weightSquares()[tile];
              sum[1] += product.mask().floats(tile);
            }
          }
          before[0] = product.mask().copy();
        });
    assertThat(sum[1]).isGreaterThan(1000);
    assertThat(Math.sqrt(sum[0] / sum[1])).isBetween(0.018, 0.022);
  }

  @Test
  void aTrainingTooShortToRewireIsRefused() {
    TrainingOptions options =
        options(StructuralPlasticity.rigl(0.5).everySteps(60).build(), "adamw").toBuilder()
            .epochs(80)
            .validationShare(0)
            .build();
    assertThatThrownBy(() -> Trainer.builder(SPEC, options, DATA).build().train())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rigl would never rewire: everySteps=60, untilStep=60, totalSteps=80");
  }

  @Test
  void aNetworkWithoutHiddenLayersIsRefused() {
    ModelSpec spec = ModelSpec.dense(List.of(100, 4), 8, Activation.RELU, OutputForm.SOFTMAX);
    TrainingOptions options = options(StructuralPlasticity.magnitude(0.5).build(), "adamw");
    assertThatThrownBy(() -> Trainer.builder(spec, options, DATA).build().train())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("structural plasticity needs a hidden layer: layers=1");
  }

  @Test
  void optionsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> StructuralPlasticity.rigl(1).build())
        .hasMessageContaining("density=1.0");
    assertThatThrownBy(() -> StructuralPlasticity.magnitude(0).build())
        .hasMessageContaining("density=0.0");
    assertThatThrownBy(() -> StructuralPlasticity.rigl(0.5).everySteps(0).build())
        .hasMessageContaining("everySteps=0");
    assertThatThrownBy(() -> StructuralPlasticity.magnitude(0.5).pruneAtShare(1).build())
        .hasMessageContaining("pruneAtShare=1.0");
  }
}
