package dev.sluice.cli;

import dev.sluice.data.Dataset;
import dev.sluice.format.AtomicFile;
import dev.sluice.model.Model;
import dev.sluice.report.Figures;
import dev.sluice.report.JsonText;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sluice predict`: a model and rows to a file of scores.
@Command(
    name = "predict",
    description = "Writes a model's answer to every row, as CSV or as a NumPy array.",
    usageHelpWidth = CommonOptions.HELP_WIDTH,
    footer = {
      "",
      "CSV: row, class (its name where the training table had names), one score per output;"
          + " without",
      "class for regression. A file that ends in .npy holds float32 of shape (rows, outputs).",
      "",
      "Example:",
      "  sluice predict mnist.safetensors --data mnist --out scores.csv"
    })
final class PredictCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "Model file.")
  private Path file = Path.of("");

  @Mixin private final DataOption data = new DataOption();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "File to write; .npy for NumPy, else CSV.")
  private Path out = Path.of("");

  @Mixin private final WeightsOption weights = new WeightsOption();

  @Mixin private final BudgetOption budget = new BudgetOption();

  @Mixin private final CommonOptions common = new CommonOptions();

  @Override
  public Integer call() {
    data.source(common);
    weights.require(common);
    budget.require(common);
    OutputFile.require("--out", out);
    try (Model model = weights.open(file)) {
      Dataset rows = ModelRows.source(data, common, model).loadRows(data.text());
      ModelRows source = new ModelRows(model, rows, data.isStrict());
      budget.apply(source.predictor());
      AtomicFile.replace("scores file", out, content(source));
      common.print(() -> json(rows, model), () -> text(rows));
    }
    return 0;
  }

  private AtomicFile.Content content(ModelRows source) {
    return out.toString().endsWith(".npy") ? new NpyScores(source) : new CsvScores(source);
  }

  private JsonText json(Dataset rows, Model model) {
    return JsonText.object()
        .put("file", out.toString())
        .put("rows", rows.rows())
        .put("outputs", model.spec().outputs());
  }

  private String text(Dataset rows) {
    return "wrote " + out + ": rows=" + Figures.count(rows.rows()) + "\n";
  }
}
