package dev.sluice.cli;

import dev.sluice.audit.Audit;
import dev.sluice.audit.AuditSettings;
import dev.sluice.audit.TrainingAudit;
import dev.sluice.data.Dataset;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.model.Model;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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
      "Times are those of single rows, of predictors that stop after so many steps.",
      "",
      "Example:",
      "  sluice audit mnist.safetensors --data mnist --page audit.html",
      "  sluice audit mnist.safetensors --data mnist --rows 20 --batch 7 --no-time --json"
    })
final class AuditCommand implements Callable<Integer> {
  /// Makes an audit of a model and rows of its data.
  @FunctionalInterface
  interface Auditor {
    Audit audit(Model model, float[][] rows, AuditSettings settings);
  }

  private final Auditor auditor;
  private final TrainingStepsOption.Auditor trainingAuditor;

  @Parameters(paramLabel = "FILE", description = "Model file.")
  private Path file = Path.of("");

  @Mixin private final DataOption data = new DataOption();

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "100",
      description = "Take the first N rows; default: ${DEFAULT-VALUE}.")
  private int rows;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Audit the same rows in batches of N as well, whose account is another one.")
  private @Nullable Integer batch;

  @Option(names = "--no-time", description = "Leave out the times, which take seconds.")
  private boolean noTime;

  @Option(
      names = "--hardware",
      description =
          "Count floating-point operations by the processor's counters too, where it has any.")
  private boolean hardware;

  @Option(
      names = "--page",
      paramLabel = "FILE",
      description = "Write an HTML page with bars for each layer.")
  private @Nullable Path page;

  @Mixin private final TrainingStepsOption trainingSteps = new TrainingStepsOption();

  @Mixin private final BudgetOption budget = new BudgetOption();

  @Mixin private final ZeroSkippingOption zeroSkipping = new ZeroSkippingOption();

  @Mixin private final WeightsOption weights = new WeightsOption();

  @Mixin private final CommonOptions common = new CommonOptions();

  AuditCommand() {
    this(
        Audit::of,
        (model, options, rows, steps) ->
            TrainingAudit.of(model, options, rows, steps, KernelProvider.kernels(), 1));
  }

  /// For tests of what becomes of audits.
  AuditCommand(Auditor auditor, TrainingStepsOption.Auditor trainingAuditor) {
    this.auditor = auditor;
    this.trainingAuditor = trainingAuditor;
  }

  @Override
  public Integer call() {
    data.source(common);
    weights.require(common);
    trainingSteps.require(common);
    AuditSettings settings = settings();
    if (page != null) {
      OutputFile.require("--page", page);
    }
    try (Model model = weights.open(file)) {
      Dataset set = ModelRows.source(data, common, model).loadTest(data.text());
      ModelRows.requireInputs(model, set);
      if (set.rows() == 0) {
        throw new CommandFailure("data have no rows: data=" + set.name());
      }
      Supplier<TrainingAuditText> training =
          trainingSteps.prepare(model, data, common, trainingAuditor);
      Audit audit = audit(model, firstRows(set), settings);
      AuditText text =
          new AuditText(model, audit, training.get(), budget.text(), settings.zeroSkipping());
      print(text);
      return text.isBalanced() ? 0 : Failures.FAILED;
    }
  }

  private Audit audit(Model model, float[][] first, AuditSettings settings) {
    try {
      return auditor.audit(model, first, settings);
    } catch (IllegalArgumentException e) {
      throw budget.isGiven() ? new CommandFailure(e.getMessage() + ", budget=" + budget.text()) : e;
    }
  }

  private AuditSettings settings() {
    budget.require(common);
    if (rows < 1) {
      throw common.misuse("invalid --rows: rows are not positive: rows=" + rows);
    }
    if (batch != null && batch < 1) {
      throw common.misuse("invalid --batch: rows of a batch are not positive: rows=" + batch);
    }
    return new AuditSettings(
        KernelProvider.kernels(),
        zeroSkipping.mode(common),
        budget.wanted(),
        batch == null ? 0 : batch,
        !noTime,
        hardware);
  }

  private float[][] firstRows(Dataset set) {
    float[][] first = new float[Math.min(rows, set.rows())][set.features()];
    for (int row = 0; row < first.length; row++) {
      set.copyFeatures(row, MemorySegment.ofArray(first[row]), 0);
    }
    return first;
  }

  private void print(AuditText text) {
    common.print(() -> new AuditJson(text).document(), text::text);
    for (String difference : text.differences()) {
      common.err().println("sluice: " + difference);
    }
    common.err().flush();
    if (page != null) {
      OutputFile.write("page", page, new AuditPage(text).html());
    }
  }
}
