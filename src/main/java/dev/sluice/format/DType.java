package dev.sluice.format;

import dev.sluice.memory.WeightPrecision;
import java.util.Arrays;

/// Element types of safetensors files under their names in the header; all little-endian, whole bytes only.
public enum DType {
  BOOL(1),
  U8(1),
  I8(1),
  F8_E5M2(1),
  F8_E4M3(1),
  I16(2),
  U16(2),
  F16(2),
  /// The upper half of an f32.
  BF16(2),
  I32(4),
  U32(4),
  F32(4),
  C64(8),
  F64(8),
  I64(8),
  U64(8);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /// Bytes of one element.
  public int bytes() {
    return bytes;
  }

  /// The type that weights of `precision` are stored as.
  static DType of(WeightPrecision precision) {
    return switch (precision) {
      case F32 -> F32;
      case BF16 -> BF16;
      case INT8 -> I8;
    };
  }

  /// The type that a header calls `name`.
  static DType ofName(String name) {
    for (DType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "unknown dtype: name=" + name + ", known=" + Arrays.toString(values()));
  }
}
