package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What NumPy itself says about the files, where there is one.
class NumpyTest {
  private static final String SCRIPT =
      """
      import sys, csv, numpy
      a = numpy.load(sys.argv[1])
      rows = list(csv.DictReader(open(sys.argv[2])))
      b = numpy.array([[r['score_%d' % k] for k in range(a.shape[1])] for r in rows], dtype='<f4')
      print(a.dtype.str, a.shape, (a == b).all(), [int(r['class']) for r in rows] == list(a.argmax(1)))
      """;

  @TempDir private Path folder;

  @Test
  void numpyReadsTheSameScoresFromBothFiles() throws Exception {
    assumeTrue(python("import numpy").isEmpty(), "python3 with numpy");
    String model = Trained.digits(folder, "m.safetensors").toString();
    String npy = folder.resolve("s.npy").toString();
    String csv = folder.resolve("s.csv").toString();
    CliRun.of("predict", model, "--data", Trained.DIGITS, "--out", npy).succeeded();
    CliRun.of("predict", model, "--data", Trained.DIGITS, "--out", csv).succeeded();
    assertEquals("<f4 (120, 10) True True\n", python(SCRIPT, npy, csv));
  }

  /// What the script printed, errors included.
  private static String python(String script, String... args) throws InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("python3", "-c", script));
    command.addAll(List.of(args));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return output;
    } catch (IOException e) {
      return "no python3: " + e.getMessage();
    }
  }
}
