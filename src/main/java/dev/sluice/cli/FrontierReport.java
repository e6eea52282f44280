package dev.sluice.cli;

import dev.sluice.experiment.FrontierRecord;
import dev.sluice.experiment.Spread;
import dev.sluice.experiment.Summaries;
import dev.sluice.experiment.Summary;
import dev.sluice.format.AtomicFile;
import dev.sluice.report.FrontierPlot;
import dev.sluice.report.FrontierTable;
import dev.sluice.report.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What a frontier leaves behind: a table to read, and pictures.
final class FrontierReport {
  private final String data;
  private final Path folder;
  private final int records;
  private final List<Summary> rows;
  private final List<String> failures;
  private final List<String> unreachable;

  FrontierReport(
      String data, Path folder, List<FrontierRecord> records, ExperimentProgress progress) {
    this.data = data;
    this.folder = folder;
    this.records = records.size();
    this.rows = Summaries.of(records);
    this.failures = progress.failures();
    this.unreachable = progress.unreachable();
  }

  /// `frontier.md`, `frontier-macs.svg`, and `frontier-latency.svg` if latencies were measured.
  void write() {
    StringBuilder text = new StringBuilder("# Frontier: " + data + "\n\n");
    text.append(new FrontierTable(rows).markdown());
    notes().forEach(note -> text.append("\n* ").append(note).append('\n'));
    write("frontier.md", text.toString().getBytes(StandardCharsets.UTF_8));
    writePlot("frontier-macs.svg", FrontierPlot.macs(data, rows));
    writePlot("frontier-latency.svg", FrontierPlot.latency(data, rows));
  }

  /// What the plan asked for and the table does not have.
  List<String> notes() {
    return Stream.concat(
            failures.stream().map(failure -> "failed: " + failure),
            unreachable.stream().map(cell -> "not reachable: " + cell))
        .toList();
  }

  private void writePlot(String name, FrontierPlot plot) {
    if (!plot.isEmpty()) {
      write(name, plot.svg());
    }
  }

  private void write(String name, byte[] content) {
    AtomicFile.replace(
        "report",
        folder.resolve(name),
        channel -> {
          ByteBuffer bytes = ByteBuffer.wrap(content);
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

  String text() {
    return new FrontierTable(rows).text()
        + "\nrecords: "
        + folder.resolve("records.jsonl")
        + " ("
        + records
        + ")\ntable and plots: "
        + folder.resolve("frontier.md")
        + "\n";
  }

  JsonText json() {
    return JsonText.object()
        .put("data", data)
        .put("folder", folder.toString())
        .put("records", records)
        .putAll("failures", failures)
        .putAll("unreachable", unreachable)
        .putObjects("rows", rows, FrontierReport::describe);
  }

  private static void describe(Summary row, JsonText object) {
    object
        .put("method", row.method())
        .put("budget", row.budget())
        .put("relativeMacs", spread(row.relativeMacs()))
        .put("accuracy", spread(row.accuracy()))
        .put("validationAccuracy", spread(row.validationAccuracy()))
        .put("overDense", spread(row.overDense()))
        .put("overEqualMac", spread(row.overEqualMac()))
        .put("latencySpeedup", spread(row.speedup()))
        .put("latencyNanos", spread(row.latencyNanos()))
        .put("winner", row.isWinner())
        .put("front", row.isOnFront());
  }

  static JsonText spread(Spread spread) {
    return JsonText.object()
        .put("mean", spread.mean())
        .put("standardDeviation", spread.standardDeviation())
        .put("count", spread.count());
  }
}
