package dev.sluice.cli;

import dev.sluice.audit.Audit;
import dev.sluice.data.Dataset;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.model.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sluice audit`: the account of a model beside what its kernels are measured to execute.
@Command(
    name = "audit",
    description =
        "Measures the operations that a model's kernels execute and compares them with its MACs;"
            + " fails if the books do not balance.",
    usageHelpWidth = CommonOptions.HELP_WIDTH,
    footer = {
      "",
      "Operations are counted as they are executed, in copies of the kernels that have counters"
          + " in them.",
      "",
      "Example:",
      "  sluice audit mnist.safetensors --data mnist",
      "  sluice audit mnist.safetensors --data mnist --rows 20 --no-time --json"
    })
final class AuditCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "Model file.")
  private Path file = Path.of("");

  @Mixin private final DataOption data = new DataOption();

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "100",
      description = "Take the first N rows; default: ${DEFAULT-VALUE}.")
  private int rows;

  @Option(names = "--no-time", description = "Leave out the times, which take seconds.")
  private boolean noTime;

  @Option(
      names = "--page",
      paramLabel = "FILE",
      description = "Write an HTML page with a bar for each layer.")
  private @Nullable Path page;

  @Mixin private final TrainingStepsOption trainingSteps = new TrainingStepsOption();

  @Mixin private final WeightsOption weights = new WeightsOption();

  @Mixin private final CommonOptions common = new CommonOptions();

  @Override
  public Integer call() {
    data.source(common);
    weights.require(common);
    if (rows < 1) {
      throw common.misuse("invalid --rows: rows are not positive: rows=" + rows);
    }
    if (page != null) {
      OutputFile.require("--page", page);
    }
    try (Model model = weights.open(file)) {
      Dataset set = ModelRows.source(data, common, model).loadTest(data.text());
      ModelRows.requireInputs(model, set);
      if (set.rows() == 0) {
        throw new CommandFailure("data have no rows: data=" + set.name());
      }
      TrainingAuditText training = trainingSteps.audit(model, data, common);
      Audit audit = Audit.of(model, firstRows(set), KernelProvider.kernels(), !noTime);
      print(model, audit, training);
      return audit.books().isBalanced() && training.isBalanced() ? 0 : 1;
    }
  }

  private float[][] firstRows(Dataset set) {
    float[][] first = new float[Math.min(rows, set.rows())][set.features()];
    for (int row = 0; row < first.length; row++) {
      set.copyFeatures(row, MemorySegment.ofArray(first[row]), 0);
    }
    return first;
  }

  private void print(Model model, Audit audit, TrainingAuditText training) {
    AuditText text = new AuditText(model, audit);
    common.print(() -> training.addTo(text.json()), () -> text.text() + training.text());
    for (String difference : audit.books().differences()) {
      common.err().println("sluice: books do not balance: " + difference);
    }
    for (String difference : training.differences()) {
      common.err().println("sluice: books of training do not balance: " + difference);
    }
    common.err().flush();
    if (page != null) {
      try {
        Files.writeString(page, new AuditPage(model, audit).html());
      } catch (IOException e) {
        throw new UncheckedIOException("page cannot be written: path=" + page, e);
      }
    }
  }
}
