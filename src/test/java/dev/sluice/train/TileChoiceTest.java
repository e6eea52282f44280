package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TileChoiceTest {
  @Test
  void theSmallestLiveWeightsMakeWayForTheLargestDeadGradients() {
    boolean[] live = {true, false, true, true, false, false};
    double[] weights = {4, 0, 1, 2, 0, 0};
    double[] gradients = {99, 1, 99, 99, 3, 2};
    TileChoice two = TileChoice.rewire(live, weights, gradients, 2);
    assertThat(two.dropped()).containsExactly(2, 3);
    assertThat(two.grown()).containsExactly(4, 5);
    TileChoice one = TileChoice.rewire(live, weights, gradients, 1);
    assertThat(one.dropped()).containsExactly(2);
    assertThat(one.grown()).containsExactly(4);
  }

  @Test
  void equalScoresAreBrokenByNumber() {
    boolean[] live = {true, true, true, false, false};
    TileChoice choice = TileChoice.rewire(live, new double[5], new double[5], 1);
    assertThat(choice.dropped()).containsExactly(2);
    assertThat(choice.grown()).containsExactly(3);
    assertThat(TileChoice.allButLargest(new double[] {1, 2, 1, 2}, 3)).containsExactly(2);
  }

  @Test
  void noMoreMoveThanThereAreDead() {
    boolean[] live = {true, true, true, false};
    TileChoice choice = TileChoice.rewire(live, new double[] {3, 1, 2, 0}, new double[4], 3);
    assertThat(choice.dropped()).containsExactly(1);
    assertThat(choice.grown()).containsExactly(3);
  }
}
