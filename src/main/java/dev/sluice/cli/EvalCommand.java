package dev.sluice.cli;

import dev.sluice.data.Dataset;
import dev.sluice.format.ModelFile;
import dev.sluice.model.Model;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "Example:",
      "  sluice eval mnist.safetensors --data mnist --json"
    })
final class EvalCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "Model file.")
  private Path file = Path.of("");

  @Mixin private final DataOption data = new DataOption();

  @Mixin private final CommonOptions common = new CommonOptions();

  @Override
  public Integer call() {
    data.source(common);
    try (Model model = ModelFile.open(file)) {
      Dataset rows = ModelRows.source(data, common, model).loadTest(data.text());
      ModelScore score = ModelScorer.score(new ModelRows(model, rows, data.isStrict()));
      common.print(() -> ScoreText.json(score), () -> ScoreText.text(score));
    }
    return 0;
  }
}
