package dev.sluice.format;

import dev.sluice.model.NamedTensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Named tensors and metadata in one checked safetensors file: what models and checkpoints have in common.
///
/// Sluice's own metadata keys, which callers can neither write nor see:
///
/// | key | value |
/// |---|---|
/// | `sluice.format` | version of the format, `1` |
/// | `sluice.kind` | what the file is: `model`, `checkpoint`, … |
/// | `sluice.checksum.` + tensor name | checksum of the tensor's bytes |
/// | `sluice.headerChecksum` | checksum of all other metadata and of names, types and shapes |
public final class TensorBundle {
  private final FileOrigin origin;
  private final Map<String, String> metadata;
  private final Map<String, StoredTensor> tensors;

  private TensorBundle(FileOrigin origin, SafetensorsFile file) {
    this.origin = origin;
    this.metadata = BundleMetadata.withoutReserved(file.header().metadata());
    this.tensors = new LinkedHashMap<>();
    file.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
  }

  /// Opens a file of the given kind and proves all its checksums. On failure, memory already taken from `arena` stays
  /// there until the arena is closed.
  ///
  /// @param kind what the file must be, as given when it was written
  /// @throws FormatException for a damaged or foreign file, or one of another kind or version
  /// @throws java.io.UncheckedIOException if it cannot be read
  public static TensorBundle read(String kind, Path path, Arena arena, Placement placement) {
    FileOrigin origin = origin(kind, path);
    SafetensorsFile file = SafetensorsFile.read(origin, arena, placement);
    BundleMetadata.prove(origin, kind, file);
    return new TensorBundle(origin, file);
  }

  /// Replaces or creates a file; see [AtomicFile] for what happens on failure. Equal content makes equal bytes.
  ///
  /// @throws IllegalArgumentException for reserved keys, control characters in texts, names that are not unique
  /// @throws java.io.UncheckedIOException if the disk is full, …
  public static void write(
      String kind, Path path, Map<String, String> metadata, List<NamedTensor> tensors) {
    List<StoredTensor> stored = tensors.stream().map(StoredTensor::of).toList();
    write(kind, path, metadata, stored, AtomicFile.ON_DISK);
  }

  static void write(
      String kind,
      Path path,
      Map<String, String> metadata,
      List<StoredTensor> tensors,
      AtomicFile.Opener opener) {
    Map<String, String> all = BundleMetadata.compose(kind, metadata, tensors);
    SafetensorsFile.write(origin(kind, path), all, tensors, opener);
  }

  /// The caller's own entries.
  public Map<String, String> metadata() {
    return metadata;
  }

  /// In the order of the file.
  public List<StoredTensor> tensors() {
    return List.copyOf(tensors.values());
  }

  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /// @throws FormatException if the file has no such tensor
  public StoredTensor tensor(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw origin.problem("lacks a tensor", "tensor=" + name);
    }
    return tensor;
  }

  /// The f32 tensor `name`, whose shape must be `shape`.
  public StoredTensor tensor(String name, List<Long> shape) {
    return tensor(name, DType.F32, shape);
  }

  /// The tensor `name`, which must be of this type and shape.
  public StoredTensor tensor(String name, DType dtype, List<Long> shape) {
    StoredTensor tensor = tensor(name);
    if (tensor.dtype() != dtype || !tensor.shape().equals(shape)) {
      throw origin.problem(
          tensor.dtype() != dtype
              ? "has a tensor of another type"
              : "has a tensor of another shape",
          "tensor="
              + name
              + ", expected="
              + dtype
              + " "
              + shape
              + ", actual="
              + tensor.dtype()
              + " "
              + tensor.shape());
    }
    return tensor;
  }

  /// Copies the tensor of the same name, type and shape into `target`.
  public void copyTo(NamedTensor target) {
    DType dtype = DType.of(target.precision());
    target.segment().copyFrom(tensor(target.name(), dtype, target.shape()).data());
  }

  FileOrigin origin() {
    return origin;
  }

  private static FileOrigin origin(String kind, Path path) {
    return new FileOrigin(kind + " file", path);
  }
}
