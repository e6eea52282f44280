package dev.sluice.cli;

import dev.sluice.data.Dataset;
import dev.sluice.format.ModelFile;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.train.StopReason;
import dev.sluice.train.TrainingOptions;
import dev.sluice.train.TrainingResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `sluice train`: data and a blueprint to a model file.
@Command(
    name = "train",
    description = "Trains a network, dense or gated, and writes it as one model file.",
    usageHelpWidth = CommonOptions.HELP_WIDTH,
    sortOptions = false,
    abbreviateSynopsis = true,
    footer = {
      "",
      "The model file appears when training is done, never half-written. Ctrl-C writes a"
          + " checkpoint;",
      "the same command with --resume continues from it with the same result.",
      "",
      "Example:",
      "  sluice train --data mnist --layers 784-512-512-10 --gate linear --block 32 \\",
      "    --mac-budget 0.25 --epochs 20 --seed 1 --out mnist.safetensors"
    })
final class TrainCommand implements Callable<Integer> {
  @Mixin private final DataOption data = new DataOption();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Model file to write.")
  private Path out = Path.of("");

  @Mixin private final NetworkOptions network = new NetworkOptions();

  @Mixin private final LossOption loss = new LossOption();

  @Mixin private final FitOptions fit = new FitOptions();

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description =
          "Written after every epoch. Default: the model file's name with .checkpoint, deleted when"
              + " training is done.")
  private @Nullable Path checkpoint;

  @Option(names = "--resume", description = "Continue from the checkpoint.")
  private boolean resume;

  @Mixin private final ThreadOptions threads = new ThreadOptions();

  @Mixin private final CommonOptions common = new CommonOptions();

  @Override
  public Integer call() {
    int threadCount = threads.threads(common);
    ModelSpec shape = network.spec(common);
    fit.gates().startingFrom(network.gates().rule(common));
    TrainingOptions checkedOptions = fit.options(common, loss.regressionLoss(common));
    fit.teachers().requireTeacher(common);
    requireStages(shape);
    requireGates(shape);
    requireFiles();
    Dataset training = data.source(common).load(data.text()).train();
    TrainingOptions options = fit.forTask(common, checkedOptions, training);
    ModelSpec spec = network.forData(common, shape, loss.outputForm(common, training), training);
    TrainingResult result = train(spec, options, training, threadCount);
    try (Model model = result.model()) {
      requireFinished(result);
      ModelFile.write(out, model.spec(), model.weights(), model.metadata());
    }
    deleteOwnCheckpoint();
    TrainingSummary summary = new TrainingSummary(result, out, data.text());
    common.print(summary::json, summary::text);
    return 0;
  }

  private void requireStages(ModelSpec shape) {
    String stageOption = network.stages().givenOption();
    stageOption = stageOption.isEmpty() ? fit.stages().givenOption() : stageOption;
    if (!shape.isStaged() && !stageOption.isEmpty()) {
      throw common.misuse(
          stageOption
              + " needs a network of several stages; give --layers 784-64-10+784-512-512-10");
    }
    if (fit.stages().ponders() && !network.stages().halts()) {
      throw common.misuse("--ponder needs --halting");
    }
    boolean isGated = network.gates().isGated();
    if (fit.stages().hasGateBudget() && (network.stages().halts() || !isGated)) {
      throw common.misuse("--gate-budget needs gates and exits; without exits it is --mac-budget");
    }
  }

  private void requireGates(ModelSpec shape) {
    boolean hasExits = shape.isStaged() && !network.stages().halts();
    GateShapeOptions gates = network.gates();
    String ofShape = gates.givenOption();
    String gateOption = ofShape.isEmpty() ? fit.gates().givenOption(hasExits) : ofShape;
    if (!gates.isGated() && !gateOption.isEmpty()) {
      throw common.misuse(gateOption + " needs a network with gates; add --gate linear");
    }
    boolean isFixed = !gates.rule(common).opensByLogits(Integer.MAX_VALUE);
    boolean hasPressure = fit.gates().hasPressure(hasExits) || fit.stages().hasGateBudget();
    if (gates.isGated() && !hasPressure && !isFixed) {
      String budget = hasExits ? "--gate-budget 0.5" : "--mac-budget 0.25";
      common
          .err()
          .println("note: nothing makes the gates close; give " + budget + ", or a --penalty");
    }
  }

  private void requireFiles() {
    OutputFile.require("--out", out);
    OutputFile.require("--checkpoint", checkpointFile());
    boolean exists = Files.exists(checkpointFile());
    if (resume && !exists) {
      throw new CommandFailure(
          "checkpoint is missing: path="
              + checkpointFile()
              + "; leave out --resume to start from the beginning");
    }
    if (!resume && exists) {
      common
          .err()
          .println(
              "note: a checkpoint of an earlier training will be replaced: path="
                  + checkpointFile()
                  + "; --resume would continue it");
    }
  }

  private Path checkpointFile() {
    return checkpoint == null ? out.resolveSibling(out.getFileName() + ".checkpoint") : checkpoint;
  }

  private TrainingResult train(
      ModelSpec spec, TrainingOptions options, Dataset training, int threadCount) {
    try (TeacherOptions.Opened teachers = fit.teachers().open();
        TrainingProgress progress = TrainingProgress.create("", options.epochs(), common.err())) {
      return new TrainingJob(spec, options, training, threadCount)
          .teacher(teachers.teacher(options.batchSize()))
          .checkpoint(checkpointFile(), resume)
          .listener(progress)
          .run();
    }
  }

  private void requireFinished(TrainingResult result) {
    if (result.reason() == StopReason.CANCELLED) {
      throw new CommandFailure(
          result.message()
              + "; checkpoint written, run the same command with --resume to continue: path="
              + checkpointFile());
    }
    if (result.reason() == StopReason.DIVERGED) {
      throw new CommandFailure(
          result.message()
              + "; try a lower --learning-rate, or --clip 1"
              + (Files.exists(checkpointFile())
                  ? "; the last good checkpoint is kept: path=" + checkpointFile()
                  : ""));
    }
  }

  /// A checkpoint that was asked for stays.
  private void deleteOwnCheckpoint() {
    if (checkpoint == null) {
      try {
        Files.deleteIfExists(checkpointFile());
      } catch (IOException e) {
        throw new UncheckedIOException(
            "cannot delete checkpoint: path=" + checkpointFile() + ", reason=" + e.getMessage(), e);
      }
    }
  }
}
