package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.memory.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {
  private static float[] factors(Dropout dropout, long step, int... cuts) {
    try (Arena arena = Arena.ofConfined()) {
      Matrix matrix = Buffers.allocate(arena, 128, 512);
      for (int cut = 0; cut + 1 < cuts.length; cut++) {
        dropout.fill(step, cuts[cut], cuts[cut + 1], matrix);
      }
      return matrix.data().toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.1, 0.5, 0.9})
  void dropsTheShareAndKeepsTheMean(double share) {
    Dropout dropout = new Dropout(share, 7, 1);
    float[] factors = factors(dropout, 3, 0, 128);
    int units = 128 * 512;
    int kept = 0;
    for (float factor : factors) {
      assertThat(factor == 0 || factor == dropout.keptFactor()).isTrue();
      kept += factor != 0 ? 1 : 0;
    }
    double deviation = Math.sqrt(share * (1 - share) / units);
    assertThat((double) kept / units).isCloseTo(1 - share, Offset.offset(5 * deviation));
    assertThat(dropout.keptFactor()).isCloseTo((float) (1 / (1 - share)), Offset.offset(1e-3f));
  }

  @Test
  void howRowsAreCutIntoTasksDoesNotMatter() {
    Dropout dropout = new Dropout(0.2, 7, 1);
    assertThat(factors(dropout, 3, 0, 128)).isEqualTo(factors(dropout, 3, 0, 5, 77, 128));
  }

  @Test
  void stepsLayersAndSeedsDropDifferently() {
    float[] reference = factors(new Dropout(0.5, 7, 1), 3, 0, 128);
    assertThat(factors(new Dropout(0.5, 7, 1), 4, 0, 128)).isNotEqualTo(reference);
    assertThat(factors(new Dropout(0.5, 7, 2), 3, 0, 128)).isNotEqualTo(reference);
    assertThat(factors(new Dropout(0.5, 8, 1), 3, 0, 128)).isNotEqualTo(reference);
  }

  @Test
  void rowsAndNeighbouringUnitsDropIndependently() {
    float[] factors = factors(new Dropout(0.5, 7, 1), 3, 0, 128);
    int stride = factors.length / 128;
    int alikeAcross = 0;
    int alikeAlong = 0;
    for (int row = 0; row < 127; row++) {
      for (int unit = 0; unit < 511; unit++) {
        int at = row * stride + unit;
        alikeAcross += factors[at] == factors[at + stride] ? 1 : 0;
        alikeAlong += factors[at] == factors[at + 1] ? 1 : 0;
      }
    }
    assertThat(alikeAcross / (127.0 * 511)).isCloseTo(0.5, Offset.offset(0.01));
    assertThat(alikeAlong / (127.0 * 511)).isCloseTo(0.5, Offset.offset(0.01));
  }
}
