package dev.sluice.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The rounding of weights from one [WeightPrecision] to another; what is already narrow goes by the f32 it stands for.
final class WeightConversion {
  /// The largest `q` of int8: symmetric, so −128 is not used.
  static final int LARGEST_QUOTIENT = 127;

  private static final int BF16_INFINITY = 0x7f80;
  private static final int BF16_QUIET_NAN_BIT = 0x40;

  private WeightConversion() {}

  /// @throws IllegalArgumentException if a weight is not finite and the target is int8; the message names unit and input
  static Panels convert(Arena arena, Panels source, WeightPrecision precision) {
    Panels target = Panels.allocate(arena, source.layout().withPrecision(precision));
    if (source.layout().precision() == precision) {
      target.segment().copyFrom(source.segment());
      target.scales().copyFrom(source.scales());
      return target;
    }
    for (int unit = 0; unit < source.layout().units(); unit++) {
      convertUnit(source, unit, target);
    }
    return target;
  }

  private static void convertUnit(Panels source, int unit, Panels target) {
    PanelLayout layout = target.layout();
    MemorySegment stored = target.segment();
    float scale = 1f;
    if (layout.precision().isScaled()) {
      scale = scale(largest(source, unit));
      target.scales().set(AlignedMemory.FLOAT, (long) unit * Float.BYTES, scale);
    }
    for (int input = 0; input < layout.inputs(); input++) {
      float weight = source.get(unit, input);
      long offsetBytes = layout.weightOffsetBytes(unit, input);
      switch (layout.precision()) {
        case F32 -> stored.set(AlignedMemory.FLOAT, offsetBytes, weight);
        case BF16 -> stored.set(AlignedMemory.SHORT, offsetBytes, bf16(weight));
        case INT8 -> stored.set(ValueLayout.JAVA_BYTE, offsetBytes, quotient(weight, scale));
      }
    }
  }

  private static float largest(Panels source, int unit) {
    float largest = 0f;
    for (int input = 0; input < source.layout().inputs(); input++) {
      float weight = source.get(unit, input);
      if (!Float.isFinite(weight)) {
        throw new IllegalArgumentException(
            "weight is not finite, int8 has no such number: unit="
                + unit
                + ", input="
                + input
                + ", value="
                + weight);
      }
      largest = Math.max(largest, Math.abs(weight));
    }
    return largest;
  }

  /// Rounded to nearest even, ties by the last bit. What would round to ∞ becomes the largest bf16 instead: an infinite weight
  /// would make a skipped zero input differ from one that is read, and saturation keeps the relative error within 2⁻⁸ there too.
  /// ∞ and NaN stay what they are.
  static short bf16(float weight) {
    int bits = Float.floatToRawIntBits(weight);
    int upper = bits >>> Short.SIZE;
    if (Float.isNaN(weight)) {
      // a payload in the lower half alone would leave ∞ behind
      return (short) (upper | BF16_QUIET_NAN_BIT);
    }
    if (Float.isInfinite(weight)) {
      return (short) upper;
    }
    int rounded = (bits + 0x7fff + (upper & 1)) >>> Short.SIZE;
    return (short) ((rounded & BF16_INFINITY) == BF16_INFINITY ? rounded - 1 : rounded);
  }

  /// `largest / 127`, 0 for 0. Moved to the next f32 in two cases: up among subnormal scales, whose rounding would push the
  /// largest weight past 127, and down where `127·scale` would not be a finite f32.
  static float scale(float largest) {
    float scale = largest / LARGEST_QUOTIENT;
    if (scale < Float.MIN_NORMAL && (double) scale * LARGEST_QUOTIENT < largest) {
      return Math.nextUp(scale);
    }
    return Float.isInfinite(scale * LARGEST_QUOTIENT) ? Math.nextDown(scale) : scale;
  }

  /// `weight / scale` to nearest even, saturated at ±127. The quotient of two f32 as double is never rounded onto a tie.
  static byte quotient(float weight, float scale) {
    if (scale == 0f) {
      return 0;
    }
    double nearest = Math.rint((double) weight / scale);
    return (byte) Math.clamp(nearest, -LARGEST_QUOTIENT, LARGEST_QUOTIENT);
  }
}
