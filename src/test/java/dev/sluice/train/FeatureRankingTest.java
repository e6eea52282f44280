package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.data.FloatDataset;
import dev.sluice.data.ImageShape;
import dev.sluice.model.FeatureSelection;
import org.junit.jupiter.api.Test;

class FeatureRankingTest {
  /// Deviations 0, 5, 1, 5, and a NaN.
  private static final FloatDataset ROWS =
      FloatDataset.classification(
          "rows",
          new float[] {3, 5, -1, 1e6f + 10, 1, 3, -5, 1, 1e6f, Float.NaN},
          5,
          new int[2],
          1);

  @Test
  void theLargestDeviationsAreTakenWhateverTheMean() {
    assertThat(FeatureRanking.largestDeviation(ROWS, 1)).isEqualTo(FeatureSelection.of(1));
    assertThat(FeatureRanking.largestDeviation(ROWS, 2)).isEqualTo(FeatureSelection.of(1, 3));
    assertThat(FeatureRanking.largestDeviation(ROWS, 3)).isEqualTo(FeatureSelection.of(1, 2, 3));
    assertThat(FeatureRanking.largestDeviation(ROWS, 4)).isEqualTo(FeatureSelection.of(0, 1, 2, 3));
    assertThat(FeatureRanking.largestDeviation(ROWS, 5).isAll()).isTrue();
    assertThatThrownBy(() -> FeatureRanking.largestDeviation(ROWS, 6))
        .hasMessage("selected features out of range: count=6, features=5");
  }

  @Test
  void aGridTakesEveryStepthLineAndColumnOfEveryPlane() {
    assertThat(FeatureRanking.grid(new ImageShape(2, 3, 5), 2))
        .isEqualTo(FeatureSelection.of(0, 2, 4, 10, 12, 14, 15, 17, 19, 25, 27, 29));
    assertThat(FeatureRanking.grid(new ImageShape(1, 3, 4), 3))
        .as("from the middle of the first three")
        .isEqualTo(FeatureSelection.of(5));
    assertThat(FeatureRanking.grid(new ImageShape(1, 28, 28), 2).count(784)).isEqualTo(196);
    assertThat(FeatureRanking.grid(new ImageShape(1, 3, 4), 1).isAll()).isTrue();
    assertThatThrownBy(() -> FeatureRanking.grid(new ImageShape(1, 3, 4), 0))
        .hasMessage("grid step out of range: step=0, shape=1x3x4");
  }

  @Test
  void textsNameWhatTheyMean() {
    assertThat(FeatureRanking.parse("all", ROWS).isAll()).isTrue();
    assertThat(FeatureRanking.parse("2", ROWS)).isEqualTo(FeatureSelection.of(1, 3));
    assertThatThrownBy(() -> FeatureRanking.parse("grid:2", ROWS))
        .hasMessage("a grid needs pictures: data=rows");
    assertThatThrownBy(() -> FeatureRanking.parse("many", ROWS))
        .hasMessage("features of a stage are not understood: text=many, known=all, 400, grid:2");
  }
}
