package dev.sluice.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TileMapTest {
  /// 20 units in blocks of 8 (8, 8, 4), 70 inputs in tiles of 32 (32, 32, 6).
  private static Panels panels(Arena arena) {
    Panels panels = Panels.allocate(arena, new PanelLayout(20, 70, 8));
    panels.set(0, 0, 1f);
    panels.set(3, 31, -2f);
    panels.set(9, 69, 0.5f);
    panels.set(19, 32, -0.25f);
    panels.set(2, 40, -0f);
    return panels;
  }

  @ParameterizedTest
  @EnumSource(WeightPrecision.class)
  void tilesWithAWeightAreLiveAndNegativeZeroIsNone(WeightPrecision precision) {
    try (Arena arena = Arena.ofConfined()) {
      TileMap tiles = TileMap.of(panels(arena).convert(arena, precision));
      boolean[][] expected = {{true, false, false}, {false, false, true}, {false, true, false}};
      for (int block = 0; block < 3; block++) {
        for (int tile = 0; tile < 3; tile++) {
          assertThat(tiles.isLive(block, tile)).isEqualTo(expected[block][tile]);
        }
      }
      assertThat(tiles.liveTiles()).isEqualTo(3);
      assertThat(tiles.liveTiles(1)).isEqualTo(1);
      assertThat(tiles.liveInputs(0)).isEqualTo(32);
      assertThat(tiles.liveInputs(1)).isEqualTo(6);
      assertThat(tiles.liveMacs()).isEqualTo(8 * 32 + 8 * 6 + 4 * 32);
      assertThat(tiles.liveShare()).isEqualTo(432 / 1400.0);
      assertThat(tiles.isPruned()).isTrue();
    }
  }

  @Test
  void aTileMayBeDeadInInt8Alone() {
    try (Arena arena = Arena.ofConfined()) {
      Panels panels = panels(arena);
      panels.set(0, 64, 1e-4f);
      assertThat(TileMap.of(panels).isLive(0, 2)).isTrue();
      assertThat(TileMap.of(panels.convert(arena, WeightPrecision.BF16)).isLive(0, 2)).isTrue();
      assertThat(TileMap.of(panels.convert(arena, WeightPrecision.INT8)).isLive(0, 2)).isFalse();
    }
  }

  /// One weight, the least there is, anywhere.
  @ParameterizedTest
  @ValueSource(ints = {8, 16, 32, 64})
  void aSingleSubnormalWeightMakesItsTileLiveAndNoOther(int blockSize) {
    SplittableRandom random = new SplittableRandom(blockSize);
    for (int round = 0; round < 50; round++) {
      int units = random.nextInt(1, 150);
      int inputs = random.nextInt(1, 200);
      int unit = random.nextInt(units);
      int input = random.nextInt(inputs);
      try (Arena arena = Arena.ofConfined()) {
        Panels panels = Panels.allocate(arena, new PanelLayout(units, inputs, blockSize));
        panels.set(unit, input, -Float.MIN_VALUE);
        TileMap tiles = TileMap.of(panels);
        assertThat(tiles.liveTiles()).isEqualTo(1);
        assertThat(tiles.isLive(unit / blockSize, input / 32)).isTrue();
      }
    }
  }

  @Test
  void aProductWithoutInputsHasNoTiles() {
    try (Arena arena = Arena.ofConfined()) {
      TileMap tiles = TileMap.of(Panels.allocate(arena, new PanelLayout(20, 0, 8)));
      assertThat(tiles.isPruned()).isFalse();
      assertThat(tiles.liveShare()).isEqualTo(1);
    }
  }
}
