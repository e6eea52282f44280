package dev.sluice.cli;

import dev.sluice.data.Dataset;
import dev.sluice.data.DatasetView;
import dev.sluice.data.StrokeDigits;
import dev.sluice.experiment.EqualMacNetwork;
import dev.sluice.format.ModelFile;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.report.Figures;
import dev.sluice.train.Evaluation;
import dev.sluice.train.StopReason;
import dev.sluice.train.TrainingResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Trains the three networks one after the other, scores them on test rows, and times them in turn.
final class Quickstart {
  private static final int BLOCK = 32;

  private final QuickstartPlan plan;
  private final int threads;
  private final PrintWriter err;
  private final Dataset training;
  private final Dataset validation;
  private final Dataset test;
  private final List<Trained> trained = new ArrayList<>();

  private record Trained(String name, Model model, double seconds) {}

  Quickstart(QuickstartPlan plan, int threads, PrintWriter err) {
    this.plan = plan;
    this.threads = threads;
    this.err = err;
    int rows = plan.trainingRows() + plan.validationRows();
    Dataset all = StrokeDigits.generate(rows, plan.seed());
    this.training = DatasetView.range("stroke-digits/fit", all, 0, plan.trainingRows());
    this.validation =
        DatasetView.range(
            "stroke-digits/validation", all, plan.trainingRows(), plan.validationRows());
    this.test = StrokeDigits.generateTest(plan.testRows(), plan.seed());
  }

  QuickstartResult run(Path file) {
    long start = System.nanoTime();
    note(
        Figures.count(training.rows())
            + " generated digits to train on, "
            + Figures.count(validation.rows())
            + " to validate, "
            + Figures.count(test.rows())
            + " to test");
    try {
      train("dense", ModelSpec.dense(plan.widths(), BLOCK, Activation.RELU, OutputForm.SOFTMAX));
      Evaluation gated = train("gated", gatedSpec());
      train("equal-MAC dense", equalMacSpec(gated.relativeMacs()));
      Model model = trained.get(1).model();
      ModelFile.write(file, model.spec(), model.weights(), model.metadata());
      return result(file, start);
    } finally {
      trained.forEach(one -> one.model().close());
    }
  }

  private void note(String text) {
    err.println(text);
    err.flush();
  }

  private ModelSpec gatedSpec() {
    GateSpec gate = GateSpec.of(new LinearGate(), Granularity.BLOCK);
    return ModelSpec.gated(plan.widths(), BLOCK, Activation.RELU, OutputForm.SOFTMAX, gate);
  }

  private ModelSpec equalMacSpec(double relativeMacs) {
    long dense = trained.getFirst().model().spec().denseMacs();
    return EqualMacNetwork.spec(
        plan.widths(), Math.round(relativeMacs * dense), BLOCK, Activation.RELU);
  }

  private Evaluation train(String name, ModelSpec spec) {
    long start = System.nanoTime();
    TrainingResult result;
    try (TrainingProgress progress = TrainingProgress.create(name, plan.epochs(), err)) {
      result =
          new TrainingJob(spec, plan.options(spec.isGated()), training, threads)
              .validation(validation)
              .listener(progress)
              .run();
    }
    trained.add(new Trained(name, result.model(), (System.nanoTime() - start) / 1e9));
    if (result.reason() != StopReason.COMPLETED) {
      throw new CommandFailure("quickstart stopped: " + name + ": " + result.message());
    }
    return result.validation().orElseThrow();
  }

  private QuickstartResult result(Path file, long startNanos) {
    note("scoring and timing");
    // as the table has them: what costs less stands beside what it competes with
    List<Trained> shown = List.of(trained.get(0), trained.get(2), trained.get(1));
    List<ModelScore> scores =
        shown.stream()
            .map(one -> ModelScorer.score(new ModelRows(one.model(), test, false)))
            .toList();
    List<Latency> latencies =
        new LatencyProbe(test, plan.latencyRounds(), plan.latencyRows())
            .measure(shown.stream().map(Trained::model).toList());
    List<QuickstartResult.Network> networks = new ArrayList<>();
    for (int index = 0; index < shown.size(); index++) {
      Trained one = shown.get(index);
      networks.add(
          new QuickstartResult.Network(
              one.name(),
              one.model().spec().architecture(),
              scores.get(index),
              latencies.get(index),
              one.seconds()));
    }
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    String kernels = KernelProvider.kernels().name();
    return new QuickstartResult(plan, threads, kernels, networks, file, seconds);
  }
}
