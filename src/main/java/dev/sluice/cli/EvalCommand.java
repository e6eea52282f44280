package dev.sluice.cli;

import dev.sluice.data.Dataset;
import dev.sluice.format.ModelFile;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sluice eval`: a model and labelled rows to its accuracy and the MACs it executed.
@Command(
    name = "eval",
    description = "Asks a model row by row; prints its accuracy and the MACs it really executed.",
    usageHelpWidth = CommonOptions.HELP_WIDTH,
    footer = {
      "",
      "Rows are the test part of a known set. Of one CSV file it is the part that training held"
          + " out;",
      "'csv:FILE?test=all' takes the whole file.",
      "",
      "With several --weights, f32,bf16,int8 for instance, it prints what each costs instead.",
      "",
      "Example:",
      "  sluice eval mnist.safetensors --data mnist --json",
      "  sluice eval staged.safetensors --data mnist --budget 0.1"
    })
final class EvalCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "Model file.")
  private Path file = Path.of("");

  @Mixin private final DataOption data = new DataOption();

  @Option(
      names = WeightsOption.NAME,
      paramLabel = "P[,P…]",
      split = ",",
      description =
          "Round weights to f32, bf16 or int8 when the model is opened; default: as stored.")
  private List<String> weights = List.of();

  @Mixin private final BudgetOption budget = new BudgetOption();

  @Mixin private final CommonOptions common = new CommonOptions();

  @Override
  public Integer call() {
    data.source(common);
    budget.require(common);
    List<WeightPrecision> precisions =
        weights.stream().map(text -> WeightsOption.precision(common, text)).distinct().toList();
    try (Model stored = ModelFile.open(file)) {
      Dataset rows = ModelRows.source(data, common, stored).loadTest(data.text());
      if (precisions.size() > 1) {
        compare(stored, precisions, rows);
      } else {
        score(stored, precisions.isEmpty() ? stored.precision() : precisions.getFirst(), rows);
      }
    }
    return 0;
  }

  private void score(Model stored, WeightPrecision precision, Dataset rows) {
    if (precision == stored.precision()) {
      print(stored, rows);
      return;
    }
    try (Model rounded = stored.withPrecision(precision)) {
      print(rounded, rows);
    }
  }

  private void print(Model model, Dataset rows) {
    ModelRows source = new ModelRows(model, rows, data.isStrict());
    budget.apply(source.predictor());
    ModelScore score = ModelScorer.score(source);
    common.print(
        () ->
            ScoreText.json(score)
                .put("weights", model.precision().specName())
                .put("budget", budget.text()),
        () -> ScoreText.text(score));
  }

  private void compare(Model stored, List<WeightPrecision> precisions, Dataset rows) {
    PrecisionText text =
        new PrecisionText(
            stored.precision(),
            PrecisionComparison.run(stored, precisions, rows, data.isStrict(), budget));
    common.print(text::json, text::text);
  }
}
