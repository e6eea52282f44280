package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.train.CounterRandom.Stream;
import java.util.HashSet;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
  /// The first outputs of SplitMix64 seeded with 1234567, as published with the algorithm's reference code.
  @Test
  void mixesAsSplitMix64Does() {
    assertThat(CounterRandom.at(1234567, 0)).isEqualTo(6457827717110365317L);
    assertThat(CounterRandom.at(1234567, 1)).isEqualTo(3203168211198807973L);
    assertThat(CounterRandom.at(1234567, 2)).isEqualTo(-8629252141511181193L);
  }

  @Test
  void keysOfDifferentUsesDiffer() {
    Set<Long> keys = new HashSet<>();
    for (Stream stream : Stream.values()) {
      for (long seed = 0; seed < 3; seed++) {
        for (long a = 0; a < 5; a++) {
          for (long b = 0; b < 5; b++) {
            keys.add(CounterRandom.key(seed, stream, a, b));
          }
        }
      }
    }
    assertThat(keys).hasSize(Stream.values().length * 3 * 5 * 5);
  }

  @Test
  void normalsHaveMomentsAndTailsOfANormalDistribution() {
    int count = 200_000;
    double sum = 0;
    double squares = 0;
    int beyondTwo = 0;
    for (int index = 0; index < count; index++) {
      double value = CounterRandom.normal(42, index);
      sum += value;
      squares += value * value;
      beyondTwo += Math.abs(value) > 2 ? 1 : 0;
    }
    assertThat(sum / count).isCloseTo(0, Offset.offset(0.01));
    assertThat(squares / count).isCloseTo(1, Offset.offset(0.015));
    assertThat((double) beyondTwo / count).isCloseTo(0.0455, Offset.offset(0.002));
  }

  @Test
  void normalsHaveTheSameBitsOnEveryPlatform() {
    assertThat(Double.toHexString(CounterRandom.normal(42, 0))).isEqualTo("0x1.c3b620ee5015bp-1");
    assertThat(Double.toHexString(CounterRandom.normal(42, 1))).isEqualTo("-0x1.cdab96fe79013p-2");
  }
}
