package dev.sluice.memory;

import java.util.Locale;

/// How a weight is stored. Activations, biases and sums are f32 whatever the weights are; what narrow weights save is bytes read.
public enum WeightPrecision {
  /// IEEE 754 binary32, lanes in order.
  F32(Float.BYTES),
  /// The upper half of an f32, rounded to nearest even, saturating at the largest finite number; relative error at most 2⁻⁸, below 2⁻¹²⁶
  /// absolute error at most 2⁻¹³⁴. Stored *paired*: lane `l` of the first half of a block lies beside lane `l + B/2`, in the lower and the
  /// upper half of a 32-bit word. A vector of such words then gives two of f32, one by a shift and one by a mask, at any vector width.
  BF16(Short.BYTES),
  /// `scale[u]·q`, `q` from −127 to 127 and one scale per unit; absolute error at most half a scale. Lanes in order.
  INT8(Byte.BYTES);

  private final int elementBytes;

  WeightPrecision(int elementBytes) {
    this.elementBytes = elementBytes;
  }

  public int elementBytes() {
    return elementBytes;
  }

  /// Whether panels carry a scale per unit.
  public boolean isScaled() {
    return this == INT8;
  }

  /// Where lane `lane` of a block of `blockSize` units lies among the stored elements.
  int elementOf(int lane, int blockSize) {
    if (this != BF16) {
      return lane;
    }
    int half = blockSize / 2;
    return lane < half ? 2 * lane : 2 * (lane - half) + 1;
  }

  /// The name on the command line and in results.
  public String specName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The inverse of [#specName].
  public static WeightPrecision ofSpecName(String specName) {
    for (WeightPrecision precision : values()) {
      if (precision.specName().equals(specName)) {
        return precision;
      }
    }
    throw new IllegalArgumentException(
        "unknown weight precision: name=" + specName + ", known=f32, bf16, int8");
  }
}
