package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.kernel.Activation;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A model of two units, whose file is small enough to be spoilt in every place.
final class TinyModel {
  private TinyModel() {}

  /// 3 inputs, 2 units in a block of 8.
  static ModelSpec spec() {
    LayerSpec layer = new LayerSpec.Dense(2, 8, Activation.RELU);
    return ModelSpec.of(3, List.of(layer), OutputForm.SOFTMAX);
  }

  /// 1, 0.25, -0.5 into unit 0 and 0, -1, 2 into unit 1.
  static Weights weights(Arena arena) {
    Weights weights = Weights.allocate(arena, spec());
    Projection projection = weights.layers().getFirst().projection();
    float[][] values = {{1f, 0.25f, -0.5f}, {0f, -1f, 2f}};
    for (int unit = 0; unit < 2; unit++) {
      for (int input = 0; input < 3; input++) {
        projection.weights().set(unit, input, values[unit][input]);
      }
    }
    return weights;
  }

  static List<StoredTensor> stored(Weights weights) {
    return weights.tensors().stream().map(StoredTensor::of).toList();
  }

  /// A model's file with this blueprint and these tensors, whether they fit or not, and checksums that fit.
  static void write(Path path, String blueprint, List<StoredTensor> tensors) {
    Map<String, String> metadata = Map.of("sluice.spec", blueprint);
    TensorBundle.write("model", path, metadata, tensors, AtomicFile.ON_DISK);
  }

  /// @param message how the error begins, with `*` for the path
  static void expectRejected(Path path, String message) {
    FormatException e = assertThrows(FormatException.class, () -> ModelFile.open(path));
    String expected = message.replace("*", path.toString());
    assertTrue(e.getMessage().startsWith(expected), e.getMessage());
  }
}
