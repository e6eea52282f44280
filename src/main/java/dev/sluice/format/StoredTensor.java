package dev.sluice.format;

import dev.sluice.model.NamedTensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A tensor of any type with its bytes, as read from or to be written to a file.
///
/// @param data row-major, little-endian, without gaps; from a file read-only, off-heap and 64-byte aligned
public record StoredTensor(String name, DType dtype, List<Long> shape, MemorySegment data) {
  /// @throws IllegalArgumentException for a name with control characters, memory on the heap, or of another size than
  ///     `dtype` and `shape` need
  public StoredTensor {
    shape = List.copyOf(shape);
    if (!Printable.isName(name) || name.equals(SafetensorsHeader.METADATA)) {
      throw new IllegalArgumentException(
          "tensor name is empty, reserved or has control characters: name=" + Printable.of(name));
    }
    long expectedBytes = TensorEntry.requiredBytes(dtype, shape);
    if (data.byteSize() != expectedBytes) {
      throw new IllegalArgumentException(
          "tensor memory differs from its shape: tensor="
              + name
              + ", dtype="
              + dtype
              + ", shape="
              + shape
              + ", expectedBytes="
              + expectedBytes
              + ", actualBytes="
              + data.byteSize());
    }
    if (!data.isNative()) {
      throw new IllegalArgumentException("tensor memory is not off-heap: tensor=" + name);
    }
  }

  /// A parameter as a tensor of its precision.
  public static StoredTensor of(NamedTensor tensor) {
    DType dtype = DType.of(tensor.precision());
    return new StoredTensor(tensor.name(), dtype, tensor.shape(), tensor.segment());
  }
}
