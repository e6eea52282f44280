package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HashedWordsTest {
  private static float[] row(String text, int features) {
    float[] values = new float[features + 2];
    HashedWords.write(text, values, 1, features);
    assertEquals(0, values[0]);
    assertEquals(0, values[features + 1]);
    return Arrays.copyOfRange(values, 1, features + 1);
  }

  /// Fowler, Noll and Vo's own test vectors.
  @Test
  void theHashIsFnv1a() {
    Map<String, Integer> known = Map.of("", 0x811c9dc5, "a", 0xe40c292c, "foobar", 0xbf9cf968);
    known.forEach((word, hash) -> assertEquals(hash, HashedWords.hash(word), word));
  }

  @Test
  void wordsAreCountedInTheirPlace() {
    float[] row = row("Foobar, a FOOBAR!", 4096);
    float[] expected = new float[4096];
    expected[0xf968 % 4096] = (float) Math.log(3);
    expected[0x292c % 4096] = (float) Math.log(2);
    assertArrayEquals(expected, row, 1e-6f);
  }

  @Test
  void aWordIsARunOfLettersAndDigitsInLowerCase() {
    assertArrayEquals(row("it s 2nd élan 𝒜x", 64), row("IT'S--2nd\u0085<br />ÉLAN (𝒜x)", 64));
    assertArrayEquals(row("a b", 64), row("b<br /><br />a", 64));
    assertArrayEquals(new float[64], row(" .,-!\t", 64));
    assertArrayEquals(new float[] {(float) Math.log(5)}, row("one two three four", 1));
  }
}
