package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Runs the very programs that `docs/FORMAT.md` prints.
class PythonInteropTest {
  private static final Pattern PROGRAM =
      Pattern.compile("```python\\n# (\\w+\\.py)\\n(.*?)```", Pattern.DOTALL);

  /// One line per array, name and bytes, for every model named on the command line.
  private static final String PRINT =
      """
      import sys
      from sluice_read import matrices, read_safetensors
      for path in sys.argv[1:]:
          for name, array in matrices(*read_safetensors(path)).items():
              print(path, name, ",".join(map(str, array.shape)), array.tobytes().hex())
      """;

  private static final String PRINT_WITH_PACKAGE =
      PRINT
          .replace(
              "from sluice_read import matrices, read_safetensors",
              "from sluice_read_safetensors import read_model")
          .replace("matrices(*read_safetensors(path))", "read_model(path)");

  /// Reads each model and writes it again beside itself.
  private static final String REWRITE =
      """
      import json, sys
      from sluice_read import matrices, read_safetensors
      from sluice_write import write_model
      for path in sys.argv[1:]:
          metadata, tensors = read_safetensors(path)
          spec = json.loads(metadata["sluice.spec"])
          write_model(path + ".python", spec, matrices(metadata, tensors), {"writer": "größer"})
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeThePrograms() throws IOException {
    Matcher programs = PROGRAM.matcher(Files.readString(Path.of("docs", "FORMAT.md")));
    int count = 0;
    for (; programs.find(); count++) {
      Files.writeString(folder.resolve(programs.group(1)), programs.group(2));
    }
    assertEquals(3, count, "programs in docs/FORMAT.md");
    Files.writeString(folder.resolve("printing.py"), PRINT);
    Files.writeString(folder.resolve("printing_with_package.py"), PRINT_WITH_PACKAGE);
    Files.writeString(folder.resolve("rewriting.py"), REWRITE);
  }

  @ParameterizedTest
  @EnumSource(WeightPrecision.class)
  void numpyReadsEveryWeightOfEveryModel(WeightPrecision precision) {
    requirePython("numpy");
    assertPrintsAllWeights("printing.py", precision);
  }

  @Test
  void theSafetensorsPackageReadsEveryWeightOfEveryModel() {
    requirePython("safetensors.numpy");
    assertPrintsAllWeights("printing_with_package.py", WeightPrecision.F32);
  }

  private void assertPrintsAllWeights(String program, WeightPrecision precision) {
    try (Arena arena = Arena.ofConfined()) {
      Map<String, String> expected = new TreeMap<>();
      List<Path> paths = writeModels(arena, precision, expected);
      Map<String, String> actual = new TreeMap<>();
      python(program, paths)
          .lines()
          .forEach(
              line -> {
                String[] fields = line.split(" ", -1);
                actual.put(fields[0] + " " + fields[1], fields[2] + " " + fields[3]);
              });
      assertEquals(expected, actual);
    }
  }

  @Test
  void modelsThatNumpyHasWrittenOpenWithTheSameBits() {
    requirePython("numpy");
    try (Arena arena = Arena.ofConfined()) {
      List<Path> paths = writeModels(arena, WeightPrecision.F32, new TreeMap<>());
      python("rewriting.py", paths);
      for (Path path : paths) {
        try (Model original = ModelFile.open(path);
            Model rewritten = ModelFile.open(Path.of(path + ".python"))) {
          assertEquals(original.spec(), rewritten.spec());
          assertEquals(Map.of("writer", "größer"), rewritten.metadata());
          assertEqualTensors(original.weights().tensors(), rewritten.weights().tensors());
        }
      }
    }
  }

  private static void assertEqualTensors(List<NamedTensor> expected, List<NamedTensor> actual) {
    assertEquals(expected.size(), actual.size());
    for (int index = 0; index < expected.size(); index++) {
      assertEquals(expected.get(index).name(), actual.get(index).name());
      long mismatch = expected.get(index).segment().mismatch(actual.get(index).segment());
      assertEquals(-1, mismatch, expected.get(index).name());
    }
  }

  private List<Path> writeModels(
      Arena arena, WeightPrecision precision, Map<String, String> expected) {
    return new Random(7)
        .longs(12)
        .mapToObj(
            seed -> {
              Random random = new Random(seed);
              ModelSpec spec = ModelFixtures.randomSpec(random);
              Weights weights =
                  ModelFixtures.randomWeights(arena, spec, random).convert(arena, precision);
              Path path = folder.resolve("model" + seed);
              ModelFile.write(path, spec, weights, Map.of("seed", "" + seed));
              describe(path, weights, expected);
              return path;
            })
        .toList();
  }

  private static void describe(Path path, Weights weights, Map<String, String> expected) {
    for (int layer = 0; layer < weights.layers().size(); layer++) {
      LayerWeights layerWeights = weights.layers().get(layer);
      describe(path + " layers." + layer, layerWeights.projection(), expected);
      for (int index = 0; index < layerWeights.gate().size(); index++) {
        String name = path + " layers." + layer + ".gate." + index;
        describe(name, layerWeights.gate().get(index), expected);
      }
    }
  }

  private static void describe(String name, Projection projection, Map<String, String> expected) {
    PanelLayout layout = projection.weights().layout();
    StringBuilder weights = new StringBuilder();
    StringBuilder bias = new StringBuilder();
    for (int unit = 0; unit < layout.units(); unit++) {
      for (int input = 0; input < layout.inputs(); input++) {
        appendHex(projection.weights().get(unit, input), weights);
      }
      appendHex(projection.bias().get(AlignedMemory.FLOAT, 4L * unit), bias);
    }
    if (layout.inputs() > 0) {
      expected.put(name + ".weight", layout.units() + "," + layout.inputs() + " " + weights);
    }
    if (projection.spec().hasBias()) {
      expected.put(name + ".bias", layout.units() + " " + bias);
    }
  }

  private static void appendHex(float value, StringBuilder hex) {
    hex.append(String.format("%08x", Integer.reverseBytes(Float.floatToRawIntBits(value))));
  }

  private static void requirePython(String module) {
    try {
      Process process =
          new ProcessBuilder("python3", "-c", "import numpy, " + module)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0) {
        return;
      }
      process.destroyForcibly();
    } catch (IOException e) {
      // no python3 at all
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String message = "SKIPPED, NOT TESTED: python3 with " + module + " is not on this machine";
    System.err.println(message);
    abort(message);
  }

  private String python(String program, List<Path> paths) {
    List<String> command = new ArrayList<>(List.of("python3", program));
    paths.forEach(path -> command.add(path.toString()));
    Path output = folder.resolve("output");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean finished = process.waitFor(120, TimeUnit.SECONDS);
      process.destroyForcibly();
      String text = Files.readString(output, StandardCharsets.UTF_8);
      assertTrue(finished && process.exitValue() == 0, text);
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
