package dev.sluice.benchmark;

import dev.sluice.data.Dataset;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.train.EpochRecord;
import dev.sluice.train.GateOptions;
import dev.sluice.train.StepRecord;
import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingListener;
import dev.sluice.train.TrainingOptions;
import dev.sluice.train.TrainingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Sluice's trainer, dense or with linear gates that open a wanted share of the blocks, other blocks for other rows.
///
/// Gates open as often as their initial opening says, which is bisected; their learning rate is too small to move them. Closed blocks
/// are not computed, forward or back.
final class SluiceTrainer implements EpochTrainer {
  private static final int BISECTIONS = 14;
  private static final double TOLERANCE = 0.01;
  private static final double STILL_RATE_SCALE = 1e-20;

  /// The layers learn while the gates stand still, so their inputs drift and with them the share that is open.
  private static final double DRIFT = 0.05;

  private static final int AGREEMENT_ROWS = 300;

  private final TrainingTask task;
  private final ModelSpec spec;
  private final TrainingOptions options;
  private final Dataset rows;
  private final ExecutorService executor;
  private final double relativeMacs;

  static EpochTrainer dense(TrainingTask task) {
    return new SluiceTrainer(task, task.denseSpec(), task.options().build(), 1);
  }

  /// @param openShare of the blocks, mean over rows and gated layers
  static EpochTrainer gated(TrainingTask task, double openShare) {
    ModelSpec spec = gatedSpec(task.denseSpec());
    double low = 0;
    double high = 1;
    EpochRecord reached = null;
    for (int step = 0; step < BISECTIONS; step++) {
      double opening = (low + high) / 2;
      reached = evaluate(task, spec, opening);
      if (reached.gateRatioMean() > openShare) {
        high = opening;
      } else {
        low = opening;
      }
    }
    if (reached == null || Math.abs(reached.gateRatioMean() - openShare) > TOLERANCE) {
      throw new IllegalStateException(
          "gates cannot be calibrated: wanted=" + openShare + ", reached=" + reached);
    }
    System.out.printf(
        Locale.ROOT,
        "# open blocks=%.4f±%.4f, relativeMacs=%.4f%n",
        reached.gateRatioMean(),
        reached.gateRatioStdDev(),
        reached.relativeMacs());
    TrainingOptions options = task.options().gates(gates((low + high) / 2)).build();
    return new SluiceTrainer(task, spec, options, reached.relativeMacs());
  }

  private SluiceTrainer(
      TrainingTask task, ModelSpec spec, TrainingOptions options, double relativeMacs) {
    this.task = task;
    this.spec = spec;
    this.options = options;
    this.rows = task.dataset();
    this.executor = Executors.newFixedThreadPool(task.threads());
    this.relativeMacs = relativeMacs;
    requireAgreement();
    System.out.println("# kernels=" + KernelProvider.kernels().name());
  }

  private static ModelSpec gatedSpec(ModelSpec dense) {
    GateSpec gate = GateSpec.of(new LinearGate(), Granularity.BLOCK);
    List<LayerSpec> layers = new ArrayList<>(dense.layers());
    for (int layer = 0; layer < layers.size() - 1; layer++) {
      LayerSpec of = layers.get(layer);
      layers.set(layer, new LayerSpec.Gated(of.units(), of.blockSize(), of.activation(), gate));
    }
    return ModelSpec.of(dense.inputs(), layers, dense.output());
  }

  private static GateOptions gates(double opening) {
    return GateOptions.builder()
        .initialOpening(opening)
        .learningRateScale(STILL_RATE_SCALE)
        .closedBlockGradient(false)
        .build();
  }

  private static EpochRecord evaluate(TrainingTask task, ModelSpec spec, double opening) {
    TrainingTask few = task.firstRows(Math.min(task.rows(), task.batch()));
    TrainingOptions options = few.standstill().gates(gates(opening)).build();
    Dataset rows = few.dataset();
    TrainingResult result = Trainer.builder(spec, options, rows).validation(rows).build().train();
    result.model().close();
    return result.history().getFirst();
  }

  /// The scalar kernels on one thread train the same bits as those that are timed.
  private void requireAgreement() {
    Dataset few = task.firstRows(Math.min(task.rows(), AGREEMENT_ROWS)).dataset();
    Kernels scalar = KernelProvider.all().getFirst();
    try (Model expected =
            Trainer.builder(spec, options, few).kernels(scalar).build().train().model();
        Model actual =
            Trainer.builder(spec, options, few)
                .executor(executor, task.threads())
                .build()
                .train()
                .model()) {
      List<NamedTensor> tensors = expected.weights().tensors();
      for (int index = 0; index < tensors.size(); index++) {
        NamedTensor tensor = tensors.get(index);
        NamedTensor other = actual.weights().tensors().get(index);
        int count = Math.toIntExact(tensor.count());
        Agreement.requireSameBits(tensor.name(), tensor.segment(), other.segment(), 0, count);
      }
    }
  }

  @Override
  public double run(StepClock clock) {
    clock.start();
    double stepMacs = task.stepMacs();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void stepDone(StepRecord step) {
            clock.stepDone(stepMacs);
          }
        };
    TrainingResult result =
        Trainer.builder(spec, options, rows)
            .executor(executor, task.threads())
            .listener(listener)
            .build()
            .train();
    result.model().close();
    EpochRecord epoch = result.history().getFirst();
    if (Math.abs(epoch.trainingRelativeMacs() - relativeMacs) > DRIFT) {
      throw new IllegalStateException(
          "gates drifted from what was calibrated: expected="
              + relativeMacs
              + ", actual="
              + epoch.trainingRelativeMacs());
    }
    return epoch.trainingLoss();
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
