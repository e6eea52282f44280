package dev.sluice.train;

import dev.sluice.format.FormatException;
import dev.sluice.format.Placement;
import dev.sluice.format.TensorBundle;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A training on disk: weights, optimiser, best weights so far and [Progress], in one checked file that is replaced atomically. It
/// holds too what it is a training of, and is not resumed as anything else.
final class Checkpoint {
  private static final String KIND = "checkpoint";
  private static final String IDENTITY_PREFIX = "training.";

  private final List<NamedTensor> tensors = new ArrayList<>();
  private final Map<String, String> identity;

  /// @param identity blueprint, data and options by name
  /// @param secondMoments null if the optimiser has none
  /// @param structure what else has a state
  Checkpoint(
      Map<String, String> identity,
      Weights weights,
      Weights best,
      Weights firstMoments,
      @Nullable Weights secondMoments,
      List<NamedTensor> structure) {
    this.identity = Map.copyOf(identity);
    add("", weights);
    add("best.", best);
    add("optimizer.first.", firstMoments);
    if (secondMoments != null) {
      add("optimizer.second.", secondMoments);
    }
    tensors.addAll(structure);
  }

  private void add(String prefix, Weights weights) {
    for (NamedTensor tensor : weights.tensors()) {
      tensors.add(new NamedTensor(prefix + tensor.name(), tensor.shape(), tensor.segment()));
    }
  }

  void write(Path path, Progress progress) {
    Map<String, String> metadata = new TreeMap<>(ProgressText.format(progress));
    identity.forEach((name, value) -> metadata.put(IDENTITY_PREFIX + name, value));
    TensorBundle.write(KIND, path, metadata, tensors);
  }

  /// Fills the tensors; nothing of them is changed if the file does not fit.
  ///
  /// @throws IllegalArgumentException if it is a checkpoint of another training
  /// @throws FormatException if it is damaged or none at all
  Progress read(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      TensorBundle bundle = TensorBundle.read(KIND, path, arena, Placement.COPIED);
      requireSameTraining(path, bundle.metadata());
      Progress progress = ProgressText.parse(bundle.metadata());
      for (NamedTensor tensor : tensors) {
        bundle.tensor(tensor.name(), tensor.shape());
      }
      tensors.forEach(bundle::copyTo);
      return progress;
    }
  }

  private void requireSameTraining(Path path, Map<String, String> metadata) {
    new TreeMap<>(identity)
        .forEach(
            (name, wanted) -> {
              String found = metadata.getOrDefault(IDENTITY_PREFIX + name, "none");
              if (!found.equals(wanted)) {
                throw new IllegalArgumentException(
                    "checkpoint is of another training: path="
                        + path
                        + ", "
                        + name
                        + "="
                        + found
                        + ", expected="
                        + wanted);
              }
            });
  }
}
