package dev.sluice.benchmark;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.sluice.model.Projection;
import dev.sluice.train.EpochRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// PyTorch through DJL's trainer, as its documentation writes the loop. Batches lie ready in PyTorch's memory; evaluators, listeners and
/// data loading are left out.
final class DjlTrainer implements EpochTrainer {
  private static final int AGREEMENT_STEPS = 4;

  /// Relative, of losses: AdamW adds its ε at another place, and sums have another order.
  private static final double TOLERANCE = 1e-3;

  private final TrainingTask task;
  private final dev.sluice.model.Model initial;
  private final NDManager manager;
  private final List<NDList> batches = new ArrayList<>();
  private final List<NDList> labels = new ArrayList<>();

  DjlTrainer(TrainingTask task) {
    this.task = task;
    this.initial = initialWeights();
    Engine engine = DjlPeer.engine(task.threads());
    engine.setRandomSeed((int) TrainingTask.SEED);
    this.manager = engine.newBaseManager();
    requireAgreement();
    addBatches(task);
  }

  private dev.sluice.model.Model initialWeights() {
    return dev.sluice.train.Trainer.builder(
            task.denseSpec(),
            task.standstill().build(),
            task.firstRows(Math.min(task.rows(), task.batch())).dataset())
        .build()
        .train()
        .model();
  }

  private void addBatches(TrainingTask of) {
    for (int from = 0; from + of.batch() <= of.rows(); from += of.batch()) {
      int to = from + of.batch();
      float[] features = Arrays.copyOfRange(of.features(), from * of.inputs(), to * of.inputs());
      batches.add(new NDList(manager.create(features, new Shape(of.batch(), of.inputs()))));
      long[] classes = Arrays.stream(of.labels(), from, to).asLongStream().toArray();
      labels.add(new NDList(manager.create(classes)));
    }
  }

  /// The losses of the first steps from the same weights on one batch are those of Sluice's trainer.
  private void requireAgreement() {
    TrainingTask one = task.firstRows(Math.min(task.rows(), task.batch()));
    addBatches(one);
    double[] expected =
        dev.sluice.train.Trainer.builder(
                one.denseSpec(), one.options().epochs(AGREEMENT_STEPS).build(), one.dataset())
            .build()
            .train()
            .history()
            .stream()
            .mapToDouble(EpochRecord::trainingLoss)
            .toArray();
    try (Session session = new Session()) {
      for (int step = 0; step < AGREEMENT_STEPS; step++) {
        float actual = session.step(batches.getFirst(), labels.getFirst());
        Agreement.requireClose(
            "loss of step " + step,
            new double[] {expected[step]},
            new float[] {actual},
            TOLERANCE * expected[step]);
      }
    }
    clearBatches();
  }

  private void clearBatches() {
    batches.forEach(NDList::close);
    labels.forEach(NDList::close);
    batches.clear();
    labels.clear();
  }

  @Override
  public double run(StepClock clock) {
    double loss = 0;
    clock.start();
    try (Session session = new Session()) {
      for (int step = 0; step < batches.size(); step++) {
        loss += session.step(batches.get(step), labels.get(step));
        clock.stepDone(task.stepMacs());
      }
    }
    return loss / batches.size();
  }

  @Override
  public void close() {
    manager.close();
    initial.close();
  }

  /// One training from the initial weights.
  private final class Session implements AutoCloseable {
    private final Model model = Model.newInstance("network", Device.cpu(), "PyTorch");
    private final Trainer trainer;

    Session() {
      SequentialBlock block = new SequentialBlock();
      for (int layer = 1; layer < task.widths().size(); layer++) {
        block.add(Linear.builder().setUnits(task.widths().get(layer)).build());
        if (layer < task.widths().size() - 1) {
          block.add(Activation::relu);
        }
      }
      model.setBlock(block);
      trainer =
          model.newTrainer(
              new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                  .optDevices(new Device[] {Device.cpu()})
                  .optOptimizer(optimizer()));
      trainer.initialize(new Shape(task.batch(), task.inputs()));
      List<Parameter> parameters = block.getParameters().values();
      for (int layer = 0; layer < parameters.size() / 2; layer++) {
        Projection projection = initial.weights().layers().get(layer).projection();
        parameters.get(2 * layer).getArray().set(PlainWeights.weights(projection));
        parameters.get(2 * layer + 1).getArray().set(PlainWeights.bias(projection));
      }
    }

    private Optimizer optimizer() {
      Tracker rate = Tracker.fixed((float) TrainingTask.LEARNING_RATE);
      return task.optimizer().equals("sgd")
          ? Optimizer.sgd()
              .setLearningRateTracker(rate)
              .optMomentum((float) TrainingTask.MOMENTUM)
              .build()
          : Optimizer.adamW().optLearningRateTracker(rate).optWeightDecays(0).build();
    }

    /// Returns the loss before the update.
    float step(NDList features, NDList classes) {
      try (NDManager scope = manager.newSubManager()) {
        features.tempAttach(scope);
        classes.tempAttach(scope);
        float loss;
        try (GradientCollector collector = trainer.newGradientCollector()) {
          NDArray value = trainer.getLoss().evaluate(classes, trainer.forward(features, classes));
          collector.backward(value);
          loss = value.getFloat();
        }
        trainer.step();
        return loss;
      }
    }

    @Override
    public void close() {
      trainer.close();
      model.close();
    }
  }
}
