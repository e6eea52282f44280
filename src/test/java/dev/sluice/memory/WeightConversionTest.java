package dev.sluice.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightConversionTest {
  private static final float LARGEST_BF16 = 0x1.FEp127f;

  private static float roundedToBf16(float weight) {
    return Float.intBitsToFloat(WeightConversion.bf16(weight) << 16);
  }

  /// The nearest multiple of the unit in the eighth significant bit: a quotient by a power of two is exact in double.
  private static float oracle(float weight) {
    int exponent = Math.max(Math.getExponent(weight), Float.MIN_EXPONENT);
    double unit = Math.scalb(1.0, exponent - 7);
    double nearest = Math.rint(weight / unit) * unit;
    return (float) Math.copySign(Math.min(Math.abs(nearest), LARGEST_BF16), weight);
  }

  /// Every upper half, with the lower halves where rounding turns: a tie, its neighbours, the ends.
  @Test
  void everyUpperHalfRoundsAsDoubleArithmeticDoes() {
    int[] lower = {0, 1, 0x7ffe, 0x7fff, 0x8000, 0x8001, 0x8002, 0xfffe, 0xffff, 0x1234, 0xabcd};
    long finite = 0;
    for (int upper = 0; upper < 1 << 16; upper++) {
      for (int half : lower) {
        float weight = Float.intBitsToFloat(upper << 16 | half);
        if (Float.isFinite(weight)) {
          requireRounded(weight);
          finite++;
        }
      }
    }
    assertEquals(2L * 255 * 128 * lower.length, finite);
  }

  @Test
  void randomBitPatternsRoundAsDoubleArithmeticDoes() {
    long seed = 25;
    SplittableRandom random = new SplittableRandom(seed);
    for (int run = 0; run < 3_000_000; run++) {
      float weight = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(weight)) {
        requireRounded(weight);
      }
    }
  }

  /// Bits, so that −0 is not taken for 0; and the documented bounds.
  private static void requireRounded(float weight) {
    float expected = oracle(weight);
    float actual = roundedToBf16(weight);
    if (Float.floatToRawIntBits(expected) != Float.floatToRawIntBits(actual)) {
      assertEquals(Float.toHexString(expected), Float.toHexString(actual), "weight=" + weight);
    }
    double error = Math.abs((double) weight - actual);
    double bound =
        Math.abs(weight) < Float.MIN_NORMAL ? 0x1p-134 : Math.abs((double) weight) * 0x1p-8;
    if (error > bound) {
      assertEquals(0, error, "weight=" + Float.toHexString(weight) + ", bound=" + bound);
    }
  }

  @Test
  void aTieGoesToTheEvenNeighbour() {
    assertEquals(1f, roundedToBf16(0x1.01p0f));
    assertEquals(0x1.04p0f, roundedToBf16(0x1.03p0f));
    assertEquals(0x1.02p0f, roundedToBf16(Math.nextUp(0x1.01p0f)));
    assertEquals(0f, roundedToBf16(0x1p-134f));
    assertEquals(0x1p-133f, roundedToBf16(Math.nextUp(0x1p-134f)));
  }

  @Test
  void largeWeightsSaturateAndWhatIsNotFiniteStays() {
    assertEquals(LARGEST_BF16, roundedToBf16(Float.MAX_VALUE));
    assertEquals(-LARGEST_BF16, roundedToBf16(-Float.MAX_VALUE));
    assertEquals(LARGEST_BF16, roundedToBf16(0x1.FFp127f));
    assertEquals(Float.POSITIVE_INFINITY, roundedToBf16(Float.POSITIVE_INFINITY));
    assertEquals(Float.NEGATIVE_INFINITY, roundedToBf16(Float.NEGATIVE_INFINITY));
    for (int nan : new int[] {0x7f800001, 0x7fffffff, 0xff80ffff, 0x7fc00000, 0xffffffff}) {
      float rounded = roundedToBf16(Float.intBitsToFloat(nan));
      assertTrue(Float.isNaN(rounded), Integer.toHexString(nan));
      assertEquals(nan >>> 31, Float.floatToRawIntBits(rounded) >>> 31);
    }
  }

  /// Units of very different size, down to subnormal scales and up to the largest f32.
  @ParameterizedTest
  @ValueSource(ints = {8, 16, 32, 64})
  void int8IsWithinHalfAScaleOfEveryWeight(int blockSize) {
    for (int exponent = -149; exponent <= 127; exponent++) {
      SplittableRandom random = new SplittableRandom(exponent);
      try (Arena arena = Arena.ofConfined()) {
        Panels weights = Panels.allocate(arena, new PanelLayout(11, 9, blockSize));
        for (int unit = 0; unit < 11; unit++) {
          for (int input = 0; input < 9; input++) {
            float fraction = (float) random.nextDouble(-2, 2);
            float weight = Math.scalb(fraction, exponent);
            weights.set(unit, input, Float.isInfinite(weight) ? Float.MAX_VALUE : weight);
          }
        }
        requireHalfAScale(weights, weights.convert(arena, WeightPrecision.INT8));
      }
    }
  }

  private static void requireHalfAScale(Panels weights, Panels narrow) {
    for (int unit = 0; unit < weights.layout().units(); unit++) {
      double scale = narrow.scale(unit);
      float largest = 0;
      for (int input = 0; input < weights.layout().inputs(); input++) {
        float weight = weights.get(unit, input);
        float quotient = narrow.stored(unit, input);
        String where = "unit=" + unit + ", input=" + input + ", weight=" + weight;
        assertTrue(Math.abs(quotient) <= 127, where);
        assertTrue(Math.abs(weight - scale * quotient) <= scale / 2, where + ", scale=" + scale);
        assertTrue(Float.isFinite(narrow.get(unit, input)), where);
        largest = Math.max(largest, Math.abs(weight));
      }
      if (largest / 127 >= Float.MIN_NORMAL) {
        assertEquals(largest / 127.0, scale, largest / 127.0 * 0x1p-23);
      }
    }
  }

  @Test
  void quotientsRoundToTheEvenNeighbourAndSaturate() {
    assertEquals(2, WeightConversion.quotient(2.5f, 1f));
    assertEquals(4, WeightConversion.quotient(3.5f, 1f));
    assertEquals(-2, WeightConversion.quotient(-2.5f, 1f));
    assertEquals(3, WeightConversion.quotient(Math.nextUp(2.5f), 1f));
    assertEquals(127, WeightConversion.quotient(1000f, 1f));
    assertEquals(-127, WeightConversion.quotient(-1000f, 1f));
    assertEquals(127, WeightConversion.quotient(Float.MAX_VALUE, Float.MIN_VALUE));
  }

  @Test
  void aUnitOfZerosHasScaleZeroAndStaysZero() {
    try (Arena arena = Arena.ofConfined()) {
      Panels weights = Panels.allocate(arena, new PanelLayout(2, 3, 8));
      weights.set(0, 1, -0f);
      weights.set(1, 1, -5f);
      Panels narrow = weights.convert(arena, WeightPrecision.INT8);
      assertEquals(0f, narrow.scale(0));
      for (int input = 0; input < 3; input++) {
        assertEquals(0f, narrow.get(0, input));
      }
      assertEquals(-127, narrow.stored(1, 1));
      assertEquals(5f / 127, narrow.scale(1));
    }
  }

  @Test
  void int8RefusesWhatIsNotFiniteByNameAndBf16KeepsIt() {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1 / 0f}) {
      try (Arena arena = Arena.ofConfined()) {
        Panels weights = Panels.allocate(arena, new PanelLayout(40, 7, 16));
        weights.set(33, 5, value);
        IllegalArgumentException e =
            assertThrows(
                IllegalArgumentException.class, () -> weights.convert(arena, WeightPrecision.INT8));
        assertEquals(
            "weight is not finite, int8 has no such number: unit=33, input=5, value=" + value,
            e.getMessage());
        assertEquals(value, weights.convert(arena, WeightPrecision.BF16).get(33, 5));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(WeightPrecision.class)
  void paddingStaysZeroAndNothingOfTheOriginalChanges(WeightPrecision precision) {
    for (int blockSize = 8; blockSize <= 64; blockSize *= 2) {
      try (Arena arena = Arena.ofConfined()) {
        Panels weights = random(arena, new PanelLayout(blockSize + 3, 5, blockSize), blockSize);
        byte[] before = bytes(weights);
        Panels converted = weights.convert(arena, precision);
        PanelLayout layout = converted.layout();
        assertEquals(precision, layout.precision());
        assertEquals(0, layout.panelBytes() % AlignedMemory.ALIGNMENT_BYTES);
        long zeros = 0;
        for (int unit = 0; unit < layout.paddedUnits(); unit++) {
          for (int input = 0; input < layout.storedInputs(); input++) {
            boolean isWeight = unit < layout.units() && input < layout.inputs();
            if (!isWeight) {
              zeros++;
              assertEquals(0, Float.floatToRawIntBits(converted.stored(unit, input)));
            }
          }
        }
        assertTrue(zeros > 0);
        assertArrayEquals(before, bytes(weights));
      }
    }
  }

  /// bf16 is a subset of f32; int8 gives the same quotients again.
  @Test
  void backToF32AndAgainLosesNothingMore() {
    try (Arena arena = Arena.ofConfined()) {
      Panels weights = random(arena, new PanelLayout(37, 21, 16), 3);
      for (WeightPrecision precision : WeightPrecision.values()) {
        Panels narrow = weights.convert(arena, precision);
        Panels wide = narrow.convert(arena, WeightPrecision.F32);
        Panels again = wide.convert(arena, precision);
        for (int unit = 0; unit < 37; unit++) {
          for (int input = 0; input < 21; input++) {
            assertEquals(narrow.get(unit, input), wide.get(unit, input));
            assertEquals(narrow.stored(unit, input), again.stored(unit, input));
          }
        }
      }
    }
  }

  @Test
  void narrowToNarrowGoesByTheNumbersThatWereComputedWith() {
    try (Arena arena = Arena.ofConfined()) {
      Panels weights = random(arena, new PanelLayout(9, 4, 8), 4);
      Panels int8 = weights.convert(arena, WeightPrecision.INT8);
      Panels bf16 = int8.convert(arena, WeightPrecision.BF16);
      for (int unit = 0; unit < 9; unit++) {
        for (int input = 0; input < 4; input++) {
          assertEquals(roundedToBf16(int8.get(unit, input)), bf16.get(unit, input));
        }
      }
      assertEquals(0, bf16.scales().byteSize());
    }
  }

  private static Panels random(Arena arena, PanelLayout layout, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Panels weights = Panels.allocate(arena, layout);
    for (int unit = 0; unit < layout.units(); unit++) {
      for (int input = 0; input < layout.inputs(); input++) {
        weights.set(unit, input, (float) random.nextGaussian());
      }
    }
    return weights;
  }

  private static byte[] bytes(Panels panels) {
    return panels.segment().toArray(ValueLayout.JAVA_BYTE);
  }
}
