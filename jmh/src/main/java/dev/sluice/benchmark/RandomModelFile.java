package dev.sluice.benchmark;

import dev.sluice.format.ModelFile;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Writes a random model in a process of its own, so that the one that is to start cold has loaded nothing of Sluice.
final class RandomModelFile {
  private static final long WEIGHT_SEED = 1;

  private RandomModelFile() {}

  /// @param arguments widths and file
  public static void main(String[] arguments) {
    List<Integer> widths = ModelSpec.parseArchitecture(arguments[0]);
    try (Model model = SluiceRuntime.dense(widths, WEIGHT_SEED)) {
      ModelFile.write(Path.of(arguments[1]), model.spec(), model.weights(), Map.of());
    }
  }

  /// Returns the path of a new file.
  static Path write(String net) {
    try {
      Path file = Files.createTempDirectory("sluice-cold").resolve("model.safetensors");
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--add-modules=jdk.incubator.vector",
                  "-cp",
                  System.getProperty("java.class.path"),
                  RandomModelFile.class.getName(),
                  net,
                  file.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .start();
      Agreement.requireEqual("exit code of the writer", 0, process.waitFor());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("model file cannot be written", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while the model file was written", e);
    }
  }

  static void delete(Path file) {
    try {
      Files.delete(file);
      Files.delete(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new UncheckedIOException("model file cannot be deleted: path=" + file, e);
    }
  }
}
