package dev.sluice.cli;

import dev.sluice.experiment.Cancellation;
import dev.sluice.experiment.Cell;
import dev.sluice.experiment.ExperimentData;
import dev.sluice.experiment.Frontier;
import dev.sluice.experiment.FrontierPlan;
import dev.sluice.experiment.FrontierRecord;
import dev.sluice.experiment.Methods;
import dev.sluice.experiment.Recipe;
import dev.sluice.experiment.Recipes;
import dev.sluice.report.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `sluice frontier`: methods × budgets × seeds on one data set, beside dense and equal-MAC dense networks.
@Command(
    name = "frontier",
    description =
        "Trains methods at budgets over seeds, beside dense and equal-MAC dense networks; one"
            + " table, plots, and a record per network.",
    usageHelpWidth = CommonOptions.HELP_WIDTH,
    sortOptions = false,
    abbreviateSynopsis = true,
    footer = {
      "",
      "What the folder has is not done again: the same command continues after Ctrl-C or a crash,"
          + " and",
      "more methods, budgets or seeds are added to it. Test rows are looked at when a network is"
          + " done.",
      "",
      "Example:",
      "  sluice frontier --data mnist --methods static,linear --budgets 0.05,0.15 --seeds 3 --out f"
    })
final class FrontierCommand implements Callable<Integer> {
  private static final int MOST_SEEDS = 1000;

  @Mixin private final DataOption data = new DataOption();

  @Option(
      names = "--methods",
      paramLabel = "M",
      description = "all, or names joined by commas; 'help' lists them. Default: ${DEFAULT-VALUE}.")
  private String methods = "all";

  @Option(
      names = "--budgets",
      split = ",",
      paramLabel = "B",
      description = "Relative MACs, gates counted. Default: 0.05,0.1,0.25.")
  private List<Double> budgets = List.of(0.05, 0.1, 0.25);

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Seeds 1 to N. Default: ${DEFAULT-VALUE}.")
  private int seeds = 3;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for records, models, table and plots. Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("sluice-frontier");

  @Mixin private final RecipeOptions recipeOptions = new RecipeOptions();

  @Option(names = "--no-latency", description = "Measure no latencies; a later run may.")
  private boolean noLatency;

  @Option(names = "--dry-run", description = "List the networks and which are missing; train none.")
  private boolean dryRun;

  @Mixin private final ThreadOptions threads = new ThreadOptions();

  @Mixin private final CommonOptions common = new CommonOptions();

  @Override
  public Integer call() {
    if (methods.equals("help")) {
      common.print(FrontierCommand::methodsJson, FrontierCommand::methodsText);
      return 0;
    }
    FrontierPlan plan = plan();
    if (dryRun) {
      print(plan);
      return 0;
    }
    createFolder();
    ExperimentData rows = ExperimentData.of(data.text(), data.source(common).load(data.text()));
    ExperimentProgress progress =
        new ExperimentProgress(common.err(), Terminal.isInteractive(), System::nanoTime);
    List<FrontierRecord> records = run(plan, rows, progress);
    FrontierReport report = new FrontierReport(data.text(), out, records, progress);
    report.write();
    common.print(report::json, report::text);
    report.notes().forEach(common.err()::println);
    return progress.failures().isEmpty() ? 0 : Failures.FAILED;
  }

  private FrontierPlan plan() {
    if (seeds < 1 || seeds > MOST_SEEDS) {
      throw common.misuse(
          "invalid --seeds: out of range: seeds=" + seeds + ", expected=1.." + MOST_SEEDS);
    }
    data.source(common);
    Recipe recipe = recipeOptions.apply(Recipes.of(data.text()), common);
    int threadCount = threads.threads(common);
    List<Long> allSeeds = LongStream.rangeClosed(1, seeds).boxed().toList();
    return common.options(
        () ->
            new FrontierPlan(
                recipe, Methods.parse(methods), budgets, allSeeds, out, threadCount, !noLatency));
  }

  private void createFolder() {
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot create folder: path=" + out + ", reason=" + e.getMessage(), e);
    }
  }

  private static List<FrontierRecord> run(
      FrontierPlan plan, ExperimentData rows, ExperimentProgress progress) {
    Cancellation cancellation = new Cancellation();
    try (progress;
        Interruption.Scope _ = Interruption.cancelling(cancellation::cancel)) {
      return new Frontier(plan, rows, progress, cancellation).run();
    } catch (Cancellation.CancelledException e) {
      throw new CommandFailure("cancelled; the same command continues: folder=" + plan.folder());
    }
  }

  private void print(FrontierPlan plan) {
    List<Cell> cells = plan.cells();
    Set<Cell> missing = new HashSet<>(Files.isDirectory(out) ? Frontier.missing(plan) : cells);
    common.print(
        () ->
            JsonText.object()
                .putObjects(
                    "cells",
                    cells,
                    (cell, object) ->
                        object
                            .put("method", cell.method())
                            .put("budget", cell.budget())
                            .put("seed", cell.seed())
                            .put("missing", missing.contains(cell))),
        () ->
            lines(
                cells.stream()
                    .map(cell -> (missing.contains(cell) ? "missing  " : "done     ") + cell)));
  }

  private static String methodsText() {
    return lines(
        Methods.all().stream()
            .map(
                method ->
                    String.format(Locale.ROOT, "%-16s %s", method.name(), method.description())));
  }

  private static JsonText methodsJson() {
    return JsonText.object()
        .putObjects(
            "methods",
            Methods.all(),
            (method, object) ->
                object.put("name", method.name()).put("description", method.description()));
  }

  private static String lines(Stream<String> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
