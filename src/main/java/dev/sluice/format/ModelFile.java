package dev.sluice.format;

import dev.sluice.account.jfr.FlightEvents;
import dev.sluice.account.jfr.RecordedOpening;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Models as files: a [TensorBundle] of kind `model` whose metadata holds the blueprint under `sluice.spec` and whose
/// tensors are the blueprint's, panels as they run. `docs/FORMAT.md` draws it.
public final class ModelFile {
  static final String KIND = "model";

  private static final String SPEC_KEY = "sluice.spec";

  private ModelFile() {}

  /// Opens a model in memory of its own; see [Placement] for the other way.
  public static Model open(Path path) {
    return open(path, Placement.COPIED);
  }

  /// Opens a model with its weights in `precision`, whatever they are stored in; see [Model#withPrecision] for the rounding. If they are
  /// stored so, nothing is copied beyond the usual.
  ///
  /// @throws FormatException as for [#open(Path, Placement)]
  /// @throws IllegalArgumentException if a weight is not finite and `precision` is int8
  public static Model open(Path path, WeightPrecision precision) {
    RecordedOpening recorded = FlightEvents.beginModelOpen();
    Model model = convert(read(path, Placement.COPIED), precision);
    record(recorded, path, model, Placement.COPIED);
    return model;
  }

  private static Model convert(Model stored, WeightPrecision precision) {
    if (stored.precision() == precision) {
      return stored;
    }
    try (stored) {
      return stored.withPrecision(precision);
    }
  }

  /// Reads the file once to prove every checksum, and checks that blueprint and tensors belong together. Weights stay in the
  /// precision they are stored in and are read-only; metadata is what the writer gave, without Sluice's own entries.
  ///
  /// @throws FormatException for a damaged, foreign or hostile file, or one of another version; the message names the file
  /// @throws java.io.UncheckedIOException if it cannot be read
  public static Model open(Path path, Placement placement) {
    RecordedOpening recorded = FlightEvents.beginModelOpen();
    Model model = read(path, placement);
    record(recorded, path, model, placement);
    return model;
  }

  private static Model read(Path path, Placement placement) {
    Arena arena = Arena.ofShared();
    try {
      TensorBundle bundle = TensorBundle.read(KIND, path, arena, placement);
      ModelSpec spec = spec(bundle);
      Weights weights = ModelBinding.bind(bundle, spec, arena);
      Map<String, String> metadata = new HashMap<>(bundle.metadata());
      metadata.remove(SPEC_KEY);
      return new Model(spec, weights, metadata, arena);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  private static void record(
      @Nullable RecordedOpening recorded, Path path, Model model, Placement placement) {
    if (recorded != null) {
      String precision = model.precision().specName();
      String place = placement.name().toLowerCase(Locale.ROOT);
      recorded.end(path.toString(), fileBytes(path), precision, place);
    }
  }

  private static long fileBytes(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      return -1;
    }
  }

  /// Replaces or creates a model file. The old file stays as it was until the new one is complete and on the disk, and stays
  /// so if anything fails. Equal content makes equal bytes.
  ///
  /// @param metadata provenance; keys may not be Sluice's own (`sluice.spec` and those of [TensorBundle]), texts may not hold
  ///     control characters but tabs and line ends
  /// @throws IllegalArgumentException if the weights are not the blueprint's, their padding is not zero, scales are negative or not
  ///     finite, or metadata is not as above
  /// @throws java.io.UncheckedIOException if the disk is full, the folder is missing, …
  public static void write(
      Path path, ModelSpec spec, Weights weights, Map<String, String> metadata) {
    write(path, spec, weights, metadata, AtomicFile.ON_DISK);
  }

  static void write(
      Path path,
      ModelSpec spec,
      Weights weights,
      Map<String, String> metadata,
      AtomicFile.Opener opener) {
    requireWeightsOf(spec, weights);
    PaddingCheck.requireZero(weights);
    ScaleCheck.requireValid(weights);
    Map<String, String> all = new HashMap<>(metadata);
    if (all.put(SPEC_KEY, ModelSpecJson.format(spec)) != null) {
      throw new IllegalArgumentException("metadata key is reserved: key=" + SPEC_KEY);
    }
    List<StoredTensor> tensors = weights.tensors().stream().map(StoredTensor::of).toList();
    TensorBundle.write(KIND, path, all, tensors, opener);
  }

  private static ModelSpec spec(TensorBundle bundle) {
    String text = bundle.metadata().get(SPEC_KEY);
    if (text == null) {
      throw bundle.origin().problem("lacks metadata", "missing=" + SPEC_KEY);
    }
    try {
      return ModelSpecJson.parse(text);
    } catch (FormatException e) {
      throw bundle.origin().problem("has a damaged blueprint", e);
    }
  }

  private static void requireWeightsOf(ModelSpec spec, Weights weights) {
    if (weights.layers().size() != spec.layers().size()) {
      throw new IllegalArgumentException(
          "layer count differs from blueprint: expected="
              + spec.layers().size()
              + ", actual="
              + weights.layers().size());
    }
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      LayerWeights layerWeights = weights.layers().get(layer);
      requireEqual(layer, spec.projection(layer), layerWeights.projection().spec());
      List<ProjectionSpec> gate = layerWeights.gate().stream().map(Projection::spec).toList();
      requireEqual(layer, spec.gateProjections(layer), gate);
    }
  }

  private static void requireEqual(int layer, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new IllegalArgumentException(
          "weights differ from blueprint: layer="
              + layer
              + ", expected="
              + expected
              + ", actual="
              + actual);
    }
  }
}
