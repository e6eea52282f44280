package dev.sluice.experiment;

import dev.sluice.format.ModelFile;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The finished networks of an experiment as model files, so that none is trained twice.
final class ModelStore {
  private static final String ACCURACY_KEY = "experiment.validationAccuracy";
  private static final String SECONDS_KEY = "experiment.seconds";
  private static final String NOTES_KEY = "experiment.notes";

  private final Path folder;

  /// A network with what its training said.
  ///
  /// @param model the caller's to close
  record Stored(Model model, double validationAccuracy, double seconds, List<String> notes) {}

  ModelStore(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot create folder: path=" + folder + ", reason=" + e.getMessage(), e);
    }
  }

  Path path(String name) {
    return folder.resolve(name + ".safetensors");
  }

  boolean has(String name) {
    return Files.exists(path(name));
  }

  Stored open(String name) {
    Model model = ModelFile.open(path(name), WeightPrecision.F32);
    Map<String, String> metadata = model.metadata();
    String notes = metadata.getOrDefault(NOTES_KEY, "");
    return new Stored(
        model,
        Double.parseDouble(metadata.getOrDefault(ACCURACY_KEY, "NaN")),
        Double.parseDouble(metadata.getOrDefault(SECONDS_KEY, "NaN")),
        notes.isEmpty() ? List.of() : List.of(notes.split("\n")));
  }

  Model openModel(String name) {
    return open(name).model();
  }

  void write(String name, Trained trained, double seconds) {
    Map<String, String> metadata = new HashMap<>(trained.model().metadata());
    metadata.put(ACCURACY_KEY, Double.toString(trained.validationAccuracy()));
    metadata.put(SECONDS_KEY, Double.toString(seconds));
    metadata.put(NOTES_KEY, String.join("\n", trained.notes()));
    Model model = trained.model();
    ModelFile.write(path(name), model.spec(), model.weights(), metadata);
  }

  /// The network of that name, trained first if there is none.
  Stored openOrTrain(String name, Supplier<Trained> training) {
    if (!has(name)) {
      long start = System.nanoTime();
      Trained trained = training.get();
      try (Model _ = trained.model()) {
        write(name, trained, (System.nanoTime() - start) / 1e9);
      }
    }
    return open(name);
  }
}
