package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SplitMix64Test {
  /// The widely published test vector of the algorithm for seed 1234567.
  @Test
  void theSequenceIsThatOfThePublishedAlgorithm() {
    SplitMix64 random = new SplitMix64(1_234_567);
    long[] expected = {
      6457827717110365317L,
      3203168211198807973L,
      Long.parseUnsignedLong("9817491932198370423"),
      4593380528125082431L,
      Long.parseUnsignedLong("16408922859458223821")
    };
    assertArrayEquals(expected, LongStream.generate(random::nextLong).limit(5).toArray());
  }

  @Test
  void numbersStayInTheirRange() {
    SplitMix64 random = new SplitMix64(5);
    float lowest = 0;
    float highest = 0;
    for (int i = 0; i < 100_000; i++) {
      int bounded = random.nextInt(3);
      assertTrue(bounded >= 0 && bounded < 3);
      float uniform = random.nextFloat();
      assertTrue(uniform >= 0 && uniform < 1);
      float bell = random.nextBell();
      lowest = Math.min(lowest, bell);
      highest = Math.max(highest, bell);
    }
    assertTrue(lowest >= -2 && lowest < -1.5 && highest < 2 && highest > 1.5);
  }

  /// Irwin–Hall of four: variance 4/12.
  @Test
  void theBellHasItsDocumentedSpread() {
    SplitMix64 random = new SplitMix64(6);
    double sum = 0;
    double squares = 0;
    int count = 200_000;
    for (int i = 0; i < count; i++) {
      double bell = random.nextBell();
      sum += bell;
      squares += bell * bell;
    }
    assertEquals(0, sum / count, 0.01);
    assertEquals(1 / 3.0, squares / count, 0.01);
  }

  @Test
  void neighbouringIndicesAndSeedsGiveUnrelatedGenerators() {
    assertNotEquals(SplitMix64.at(1, 2).nextLong(), SplitMix64.at(2, 1).nextLong());
    assertNotEquals(SplitMix64.at(1, 2).nextLong(), SplitMix64.at(1, 3).nextLong());
    assertEquals(SplitMix64.at(1, 2).nextLong(), SplitMix64.at(1, 2).nextLong());
  }
}
