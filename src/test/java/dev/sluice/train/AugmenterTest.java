package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.data.ByteDataset;
import dev.sluice.data.Dataset;
import dev.sluice.data.ImageShape;
import dev.sluice.kernel.Activation;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AugmenterTest {
  private static final float STALE = 77f;

  /// Floats before and after a row, to see writes beyond it.
  private static final int MARGIN = 5;

  private static MemorySegment stale(int features) {
    float[] memory = new float[features + 2 * MARGIN];
    Arrays.fill(memory, STALE);
    return MemorySegment.ofArray(memory);
  }

  private static float[] row(MemorySegment memory, int features) {
    float[] all = memory.toArray(ValueLayout.JAVA_FLOAT);
    for (int beyond = 0; beyond < MARGIN; beyond++) {
      assertThat(all[beyond]).isEqualTo(STALE);
      assertThat(all[MARGIN + features + beyond]).isEqualTo(STALE);
    }
    return Arrays.copyOfRange(all, MARGIN, MARGIN + features);
  }

  private static float[] plain(Dataset dataset, int row) {
    float[] values = new float[dataset.features()];
    dataset.copyFeatures(row, MemorySegment.ofArray(values), 0);
    return values;
  }

  private static float[] variant(Augmenter augmenter, int features, int row, int variant) {
    MemorySegment memory = stale(features);
    augmenter.copyFeatures(row, variant, memory, 4L * MARGIN);
    return row(memory, features);
  }

  /// Pixel by pixel.
  private static float[] moved(float[] picture, ImageShape s, int dy, int dx, boolean mirrors) {
    float[] moved = new float[picture.length];
    for (int channel = 0; channel < s.channels(); channel++) {
      for (int y = 0; y < s.height(); y++) {
        for (int x = 0; x < s.width(); x++) {
          int fromY = y - dy;
          int fromX = x - dx;
          if (fromY >= 0 && fromY < s.height() && fromX >= 0 && fromX < s.width()) {
            int column = mirrors ? s.width() - 1 - fromX : fromX;
            int plane = channel * s.height() * s.width();
            moved[plane + y * s.width() + x] = picture[plane + fromY * s.width() + column];
          }
        }
      }
    }
    return moved;
  }

  @Test
  void everyMoveIsThatOfThePlainLoopOverPixels() {
    for (ImageShape shape :
        List.of(
            new ImageShape(1, 4, 5),
            new ImageShape(3, 5, 4),
            new ImageShape(2, 1, 6),
            new ImageShape(2, 6, 1))) {
      Dataset data = TestData.pictures(1, shape, 2, 9);
      Augmenter augmenter = new Augmenter(data, Augmentation.none(), 1);
      for (int dy = 1 - shape.height(); dy < shape.height(); dy++) {
        for (int dx = 1 - shape.width(); dx < shape.width(); dx++) {
          for (boolean mirrors : new boolean[] {false, true}) {
            MemorySegment memory = stale(data.features());
            data.copyFeatures(0, memory, 4L * MARGIN);
            augmenter.move(memory, 4L * MARGIN, dy, dx, mirrors);
            assertThat(row(memory, data.features()))
                .as("shape=%s, dy=%d, dx=%d, mirrors=%s", shape, dy, dx, mirrors)
                .isEqualTo(moved(plain(data, 0), shape, dy, dx, mirrors));
          }
        }
      }
    }
  }

  /// 3 · 3 places, mirrored or not: 400 draws miss one of the 18 with probability below 10⁻⁸.
  @Test
  void variantsAreAllMovesWithinTheShiftAndNoOther() {
    ImageShape shape = new ImageShape(1, 6, 7);
    Dataset data = TestData.pictures(1, shape, 2, 4);
    Set<List<Float>> expected = new HashSet<>();
    for (int dy = -1; dy <= 1; dy++) {
      for (int dx = -1; dx <= 1; dx++) {
        expected.add(boxed(moved(plain(data, 0), shape, dy, dx, false)));
        expected.add(boxed(moved(plain(data, 0), shape, dy, dx, true)));
      }
    }
    Augmenter augmenter = new Augmenter(data, new Augmentation(1, true, 0, 400), 3);
    Set<List<Float>> seen = new HashSet<>();
    for (int variant = 0; variant < 400; variant++) {
      seen.add(boxed(variant(augmenter, data.features(), 0, variant)));
    }
    assertThat(expected).hasSize(18);
    assertThat(seen).isEqualTo(expected);
  }

  private static List<Float> boxed(float[] values) {
    Float[] boxed = new Float[values.length];
    Arrays.setAll(boxed, index -> values[index]);
    return List.of(boxed);
  }

  @Test
  void aVariantDependsOnSeedRowAndNumberAlone() {
    Dataset data = TestData.pictures(6, new ImageShape(3, 8, 8), 2, 4);
    Augmentation augmentation = new Augmentation(3, true, 0.1, 5);
    Augmenter once = new Augmenter(data, augmentation, 3);
    Augmenter again = new Augmenter(data, augmentation, 3);
    Augmenter otherSeed = new Augmenter(data, augmentation, 4);
    for (int row = 5; row >= 0; row--) {
      for (int variant = 0; variant < 5; variant++) {
        float[] values = variant(once, data.features(), row, variant);
        assertThat(variant(again, data.features(), row, variant)).isEqualTo(values);
        assertThat(variant(otherSeed, data.features(), row, variant)).isNotEqualTo(values);
        assertThat(variant(once, data.features(), row, (variant + 1) % 5)).isNotEqualTo(values);
      }
    }
  }

  @Test
  void anEpochsVariantsTakeTurnsFromADrawnOne() {
    Dataset data = TestData.clouds(400, 3, 2, 1);
    Augmenter augmenter = new Augmenter(data, new Augmentation(0, false, 0.5, 4), 3);
    int[] firsts = new int[4];
    for (int row = 0; row < 400; row++) {
      int first = augmenter.variant(0, row);
      firsts[first]++;
      for (int epoch = 1; epoch < 9; epoch++) {
        assertThat(augmenter.variant(epoch, row)).isEqualTo((first + epoch) % 4);
      }
    }
    // five standard deviations of a share of 1/4
    for (int count : firsts) {
      assertThat(count).isBetween(57, 143);
    }
  }

  @Test
  void noiseHasItsDeviationAndLeavesNoFeatureOut() {
    Dataset data = TestData.clouds(200, 50, 2, 1);
    Augmenter augmenter = new Augmenter(data, new Augmentation(0, false, 0.3, 4), 3);
    double sum = 0;
    double squares = 0;
    for (int row = 0; row < 200; row++) {
      float[] plain = plain(data, row);
      float[] noisy = variant(augmenter, 50, row, 2);
      for (int feature = 0; feature < 50; feature++) {
        double noise = noisy[feature] - plain[feature];
        assertThat(noise).isNotZero();
        sum += noise;
        squares += noise * noise;
      }
    }
    assertThat(sum / 10_000).isCloseTo(0, Offset.offset(0.015));
    assertThat(Math.sqrt(squares / 10_000)).isCloseTo(0.3, Offset.offset(0.011));
  }

  private static TrainingOptions options(Augmentation augmentation) {
    return TrainingOptions.builder().batchSize(20).epochs(3).augmentation(augmentation).build();
  }

  private static final ImageShape SMALL = new ImageShape(2, 5, 5);
  private static final ModelSpec SPEC =
      ModelSpec.dense(List.of(50, 8, 3), 8, Activation.RELU, OutputForm.SOFTMAX);

  @Test
  void rowsThatAreEvaluatedStayAsTheyAre() {
    Dataset data = TestData.pictures(20, SMALL, 3, 4);
    Augmentation augmentation = new Augmentation(2, true, 0.1, 6);
    Augmenter augmenter = new Augmenter(data, augmentation, options(augmentation).seed());
    try (StepFixture fixture = new StepFixture(SPEC, options(augmentation), data)) {
      fixture.forward(false, 0);
      for (int row = 0; row < 20; row++) {
        assertThat(fixture.input(row)).containsExactly(doubles(plain(data, row)));
      }
      fixture.forward(true, 0);
      for (int row = 0; row < 20; row++) {
        int variant = augmenter.variant(0, row);
        assertThat(fixture.input(row))
            .containsExactly(doubles(variant(augmenter, 50, row, variant)));
      }
    }
  }

  /// Two steps an epoch, the second one short.
  @Test
  void aStepShowsTheVariantsOfItsEpoch() {
    Dataset data = TestData.pictures(30, SMALL, 3, 4);
    Augmentation augmentation = new Augmentation(2, true, 0, 6);
    TrainingOptions options = options(augmentation);
    Augmenter augmenter = new Augmenter(data, augmentation, options.seed());
    int[] order = new Random(3).ints(0, 30).distinct().limit(30).toArray();
    try (StepFixture fixture = new StepFixture(SPEC, options, data);
        WorkTeam team = new WorkTeam()) {
      TrainStep step =
          new TrainStep(
              fixture.state,
              options,
              team,
              data,
              6,
              new BudgetController(options.gates().macBudget(), options.gates(), 6));
      for (int number = 0; number < 6; number++) {
        int from = number % 2 * 20;
        assertThat(step.run(number, order, from).rows()).isEqualTo(number % 2 == 0 ? 20 : 10);
        for (int row = 0; row < (number % 2 == 0 ? 20 : 10); row++) {
          int source = order[from + row];
          int variant = augmenter.variant(number / 2, source);
          assertThat(fixture.input(row))
              .containsExactly(doubles(variant(augmenter, 50, source, variant)));
        }
      }
    }
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, index -> values[index]);
    return doubles;
  }

  @Test
  void onlyPicturesLargerThanTheShiftAreShiftedOrMirrored() {
    Dataset table = TestData.clouds(5, 50, 2, 1);
    new Augmentation(0, false, 1, 2).requireFit(table);
    assertThatThrownBy(() -> Augmentation.shifts(1).requireFit(table))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("augmentation by shift or flip needs pictures: data=clouds, features=50");
    Trainer trainer =
        Trainer.builder(SPEC, options(new Augmentation(0, true, 0, 2)), table).build();
    assertThatThrownBy(trainer::train).hasMessageContaining("needs pictures: data=clouds");
    Dataset pictures = TestData.pictures(5, SMALL, 3, 4);
    Augmentation.shifts(4).requireFit(pictures);
    assertThatThrownBy(() -> Augmentation.shifts(5).requireFit(pictures))
        .hasMessage("augmentation shifts whole pictures away: shift=5, shape=2x5x5");
  }

  @Test
  void variantsThatWouldAllBeTheSameAreRefused() {
    assertThatThrownBy(() -> new Augmentation(0, false, 0, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("augmentation variants=2");
    assertThat(new Augmentation(0, false, 0, 1)).isEqualTo(Augmentation.none());
  }

  @Test
  void aPictureSetKeepsItsShapeInViews() {
    ByteDataset data = TestData.pictures(10, SMALL, 3, 4);
    assertThat(dev.sluice.data.Splits.validation(data, 0.5, 1).train().imageShape())
        .contains(SMALL);
  }
}
