package dev.sluice.cli;

import dev.sluice.account.HardwareFlops;
import dev.sluice.data.DataCatalogue;
import dev.sluice.data.DataDirectory;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.report.Figures;
import dev.sluice.report.JsonText;
import dev.sluice.report.TextTable;
import dev.sluice.runtime.Calibration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What was found on this machine.
///
/// @param kernels name of those in use, empty if none could be loaded
/// @param reason why these
/// @param calibration costs that decide between ways to the same bits, and where they come from; empty without kernels
/// @param available names of all that can run here
/// @param flopCounters what counts floating-point operations in hardware
/// @param sets whether each known set that needs files is there
/// @param problems what is broken, empty if nothing is
record Diagnosis(
    String kernels,
    int vectorBits,
    String reason,
    Calibration calibration,
    List<String> available,
    FlopCounters flopCounters,
    Path dataDirectory,
    Map<String, Boolean> sets,
    List<String> problems) {
  private static final String SCALAR = "scalar";
  private static final Calibration NOT_CALIBRATED = new Calibration("none", Map.of());

  /// @param events of the processor that can be counted, empty if there are none
  /// @param reason why there are none, else empty
  record FlopCounters(List<String> events, String reason) {
    static FlopCounters ofThisMachine() {
      try (HardwareFlops flops = HardwareFlops.open()) {
        return new FlopCounters(flops.events(), flops.reason());
      }
    }

    boolean areAvailable() {
      return reason.isEmpty();
    }

    String text() {
      return areAvailable() ? String.join(", ", events) : "not available: " + reason;
    }

    JsonText json() {
      return JsonText.object()
          .put("available", areAvailable())
          .putAll("events", events)
          .put("reason", reason);
    }
  }

  static Diagnosis ofThisMachine() {
    List<String> problems = new ArrayList<>();
    FlopCounters flops = FlopCounters.ofThisMachine();
    Path directory = DataDirectory.standard();
    Map<String, Boolean> sets = new LinkedHashMap<>();
    for (DataCatalogue.Entry entry : DataCatalogue.entries()) {
      sets.put(entry.name(), entry.isComplete(directory));
    }
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      problems.add("data directory is no directory: path=" + directory);
    }
    try {
      Kernels kernels = KernelProvider.kernels();
      List<Kernels> all = KernelProvider.all();
      problems.addAll(KernelSelfCheck.differences(all));
      return new Diagnosis(
          kernels.name(),
          kernels.vectorBits(),
          KernelProvider.reason(),
          Calibration.of(kernels),
          all.stream().map(Kernels::name).toList(),
          flops,
          directory,
          sets,
          problems);
    } catch (RuntimeException | LinkageError e) {
      Throwable cause =
          e instanceof ExceptionInInitializerError && e.getCause() != null ? e.getCause() : e;
      problems.add("kernels cannot be loaded: reason=" + cause.getMessage());
      return new Diagnosis("", 0, "", NOT_CALIBRATED, List.of(), flops, directory, sets, problems);
    }
  }

  private static boolean onModulePath() {
    return Diagnosis.class.getModule().isNamed();
  }

  JsonText json() {
    return JsonText.object()
        .put("ok", problems.isEmpty())
        .putAll("problems", problems)
        .put("sluice", Version.sluice())
        .put("java", Version.java())
        .put("os", os())
        .put("modulePath", onModulePath())
        .put(
            "kernels",
            JsonText.object()
                .put("name", kernels)
                .put("reason", reason)
                .put("vectorBits", vectorBits)
                .putAll("available", available))
        .put("calibration", calibrationJson())
        .put("floatingPointCounters", flopCounters.json())
        .put("cores", Runtime.getRuntime().availableProcessors())
        .put("maxHeapBytes", Runtime.getRuntime().maxMemory())
        .put("dataDirectory", dataDirectory.toString())
        .putObjects(
            "sets",
            sets.entrySet(),
            (set, object) -> object.put("name", set.getKey()).put("present", set.getValue()));
  }

  private JsonText calibrationJson() {
    JsonText json = JsonText.object().put("source", calibration.source());
    calibration.values().forEach(json::put);
    return json;
  }

  String text() {
    TextTable table =
        new TextTable()
            .left("what")
            .left("found")
            .row("sluice", Version.sluice())
            .row("java", Version.java())
            .row("system", os())
            .row("started from", onModulePath() ? "the module path" : "the class path")
            .row("kernels", kernels.isEmpty() ? "none" : kernels)
            .row("because", reason)
            .row("vector width", vectorBits + " bits")
            .row("calibration", calibration.source())
            .row("can run", String.join(", ", available))
            .row("floating-point counters", flopCounters.text())
            .row("cores", Integer.toString(Runtime.getRuntime().availableProcessors()))
            .row("memory for Java", Figures.bytes(Runtime.getRuntime().maxMemory()))
            .row("data directory", dataDirectory.toString());
    calibration.values().forEach((name, value) -> table.row(name, Figures.compact(value)));
    sets.forEach(
        (name, present) ->
            table.row("data set " + name, present ? "here" : "not here; " + advice(name)));
    return table.format() + "\n" + verdict();
  }

  private static String advice(String name) {
    return DataCatalogue.entry(name).isDownloadable()
        ? "sluice data get " + name
        : "placed by hand";
  }

  private static String os() {
    return System.getProperty("os.name", "?") + " " + System.getProperty("os.arch", "?");
  }

  private String verdict() {
    if (!problems.isEmpty()) {
      return "broken: " + String.join("\nbroken: ", problems) + "\n";
    }
    String slow = kernels.equals(SCALAR) ? "slow: scalar kernels run, since " + reason + "\n" : "";
    return slow + "all right: " + available.size() + " implementations gave identical bits\n";
  }
}
