package dev.sluice.cli;

import dev.sluice.experiment.Cancellation;
import dev.sluice.experiment.Execution;
import dev.sluice.experiment.ExperimentData;
import dev.sluice.experiment.Recipe;
import dev.sluice.experiment.paper.Paper;
import dev.sluice.experiment.paper.PaperSetting;
import dev.sluice.experiment.paper.Papers;
import dev.sluice.experiment.paper.Reproduction;
import dev.sluice.report.JsonText;
import dev.sluice.report.ReproductionTable;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sluice reproduce`: a paper's setting with its own metrics, published figures beside ours.
@Command(
    name = "reproduce",
    description = "Runs a paper's setting and prints its published figures beside ours.",
    usageHelpWidth = CommonOptions.HELP_WIDTH,
    sortOptions = false,
    abbreviateSynopsis = true,
    footer = {
      "",
      "Without a setting it lists those of the paper, without a paper all of them.",
      "",
      "Example:",
      "  sluice reproduce dynamicgate mnist --seeds 3"
    })
final class ReproduceCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PAPER",
      description = "Which paper, for instance dynamicgate.")
  private @Nullable String paperName;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "SETTING",
      description = "Which of its settings, mostly named by data set.")
  private @Nullable String settingName;

  @Option(
      names = "--data",
      paramLabel = "D",
      description = "Where the rows come from, if not the usual place.")
  private @Nullable String data;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Seeds 1 to N. Default: ${DEFAULT-VALUE}.")
  private int seeds = 1;

  @Mixin private final RecipeOptions recipeOptions = new RecipeOptions();

  @Mixin private final ThreadOptions threads = new ThreadOptions();

  @Mixin private final CommonOptions common = new CommonOptions();

  @Override
  public Integer call() {
    if (paperName == null || settingName == null) {
      List<Paper> papers = paperName == null ? Papers.all() : List.of(paper(paperName));
      common.print(() -> listJson(papers), () -> listText(papers));
      return 0;
    }
    Paper paper = paper(paperName);
    String wanted = settingName;
    PaperSetting setting = common.options(() -> paper.setting(wanted));
    if (seeds < 1) {
      throw common.misuse("invalid --seeds: out of range: seeds=" + seeds + ", expected=1..");
    }
    Recipe recipe = recipeOptions.apply(setting.recipe(), common);
    List<Reproduction.Row> rows = run(setting, recipe);
    common.print(() -> json(paper, setting, rows), () -> text(paper, setting, rows));
    return 0;
  }

  private Paper paper(String name) {
    return common.options(() -> Papers.of(name));
  }

  private List<Reproduction.Row> run(PaperSetting setting, Recipe recipe) {
    String source = data == null ? setting.data() : data;
    int threadCount = threads.threads(common);
    ExperimentData rows =
        ExperimentData.of(source, DataOption.of(source).source(common).load(source));
    Cancellation cancellation = new Cancellation();
    try (ExecutorService helpers =
            Executors.newFixedThreadPool(
                Math.max(1, threadCount - 1), Thread.ofPlatform().daemon().factory());
        ExperimentProgress progress =
            new ExperimentProgress(common.err(), Terminal.isInteractive(), System::nanoTime);
        Interruption.Scope _ = Interruption.cancelling(cancellation::cancel)) {
      Execution execution = new Execution(helpers, threadCount, cancellation);
      return new Reproduction(setting, recipe, rows, execution, progress)
          .run(LongStream.rangeClosed(1, seeds).boxed().toList());
    } catch (Cancellation.CancelledException e) {
      throw new CommandFailure("cancelled");
    }
  }

  private static String text(Paper paper, PaperSetting setting, List<Reproduction.Row> rows) {
    StringBuilder text = new StringBuilder();
    text.append(paper.reference()).append(": ").append(setting.name()).append("\n\n");
    text.append(ReproductionTable.text(rows)).append('\n');
    setting.remarks().forEach(remark -> text.append("* ").append(remark).append('\n'));
    return text.toString();
  }

  private static JsonText json(Paper paper, PaperSetting setting, List<Reproduction.Row> rows) {
    return JsonText.object()
        .put("paper", paper.name())
        .put("reference", paper.reference())
        .put("setting", setting.name())
        .putAll("remarks", setting.remarks())
        .putObjects(
            "rows",
            rows,
            (row, object) ->
                object
                    .put("network", row.net())
                    .put("metric", row.metric().title())
                    .put("unit", row.metric().unit().name().toLowerCase(Locale.ROOT))
                    .put("published", row.published())
                    .put("ours", FrontierReport.spread(row.ours())));
  }

  private static String listText(List<Paper> papers) {
    StringBuilder text = new StringBuilder();
    for (Paper paper : papers) {
      text.append(paper.name()).append(": ").append(paper.reference()).append('\n');
      for (PaperSetting setting : paper.settings()) {
        text.append("  ").append(setting.name()).append('\n');
      }
    }
    return text.toString();
  }

  private static JsonText listJson(List<Paper> papers) {
    return JsonText.object()
        .putObjects(
            "papers",
            papers,
            (paper, object) ->
                object
                    .put("name", paper.name())
                    .put("reference", paper.reference())
                    .putAll(
                        "settings", paper.settings().stream().map(PaperSetting::name).toList()));
  }
}
