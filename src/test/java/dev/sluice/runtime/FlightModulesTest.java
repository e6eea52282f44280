package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.ModelSpec;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// [FlightProgram] in JVMs with and without the Flight Recorder's module.
class FlightModulesTest {
  private static final String VECTORS = "jdk.incubator.vector";

  @TempDir private Path folder;

  private static String classes(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  private String run(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of(options));
    command.add(folder.toString());
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean hasEnded = process.waitFor(5, TimeUnit.MINUTES);
    if (!hasEnded) {
      process.destroyForcibly();
    }
    String text = Files.readString(output);
    assertThat(hasEnded).as(text).isTrue();
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }

  private String onClassPath(String... options) throws Exception {
    String path = classes(ModelSpec.class) + File.pathSeparator + classes(FlightProgram.class);
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--add-modules=" + VECTORS, "-cp", path, FlightProgram.class.getName()));
    return run(all.toArray(String[]::new));
  }

  private String onModulePath(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--module-path=" + classes(ModelSpec.class));
    all.add("--patch-module=dev.sluice=" + classes(FlightProgram.class));
    all.add("--module=dev.sluice/" + FlightProgram.class.getName());
    return run(all.toArray(String[]::new));
  }

  @Test
  void withoutTheModuleEverythingRunsAndNothingIsRecorded() throws Exception {
    assertThat(onClassPath("--limit-modules=java.base,java.net.http," + VECTORS))
        .contains("done without recorder");
    assertThat(onModulePath("--limit-modules=dev.sluice")).contains("done without recorder");
  }

  /// The events' package is exported to nobody, so this is where reflection would fail.
  @Test
  void onTheModulePathEventsAreRecorded() throws Exception {
    assertThat(onModulePath("--add-modules=jdk.jfr"))
        .contains("predictions=5, openings=1, epochs=1");
  }
}
