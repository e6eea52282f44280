package dev.sluice.benchmark;

import dev.sluice.data.FloatDataset;
import dev.sluice.kernel.Activation;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.train.LearningRate;
import dev.sluice.train.OptimizerOptions;
import dev.sluice.train.TrainingOptions;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// What is trained: a network of given widths, ReLU between, softmax and cross-entropy at the end, on random rows with random labels.
///
/// @param widths inputs first
/// @param optimizer `adamw` or `sgd`, without weight decay
/// @param features (rows, inputs), normal
record TrainingTask(
    List<Integer> widths,
    int batch,
    int threads,
    String optimizer,
    float[] features,
    int[] labels) {
  static final double LEARNING_RATE = 1e-3;
  static final double MOMENTUM = 0.9;
  static final int BLOCK = 32;
  static final long SEED = 1;

  /// Too small to move any weight: a training that returns the weights it began with.
  private static final double NO_LEARNING_RATE = 1e-30;

  static TrainingTask random(
      List<Integer> widths, int batch, int threads, String optimizer, int rows) {
    SplittableRandom random = new SplittableRandom(SEED);
    int inputs = widths.getFirst();
    float[] features = new RandomValues(SEED).normal(Math.multiplyExact(rows, inputs));
    int[] labels = random.ints(rows, 0, widths.getLast()).toArray();
    return new TrainingTask(widths, batch, threads, optimizer, features, labels);
  }

  int inputs() {
    return widths.getFirst();
  }

  int rows() {
    return labels.length;
  }

  TrainingTask firstRows(int count) {
    return new TrainingTask(
        widths,
        Math.min(batch, count),
        threads,
        optimizer,
        Arrays.copyOf(features, count * inputs()),
        Arrays.copyOf(labels, count));
  }

  ModelSpec denseSpec() {
    return ModelSpec.dense(widths, BLOCK, Activation.RELU, OutputForm.SOFTMAX);
  }

  FloatDataset dataset() {
    return FloatDataset.classification("random rows", features, inputs(), labels, widths.getLast());
  }

  TrainingOptions.Builder options() {
    return TrainingOptions.builder()
        .epochs(1)
        .batchSize(batch)
        .seed(SEED)
        .validationShare(0)
        .learningRate(LearningRate.constant(LEARNING_RATE))
        .optimizer(
            switch (optimizer) {
              case "adamw" -> OptimizerOptions.AdamW.withDecay(0);
              case "sgd" -> new OptimizerOptions.Sgd(MOMENTUM, false, 0);
              default ->
                  throw new IllegalArgumentException("unknown optimizer: optimizer=" + optimizer);
            });
  }

  /// Options that leave the initial weights as they are.
  TrainingOptions.Builder standstill() {
    return options()
        .optimizer(new OptimizerOptions.Sgd(0, false, 0))
        .learningRate(LearningRate.constant(NO_LEARNING_RATE));
  }

  /// Of a dense step: forward and gradient of the weights for every layer, gradient of the inputs for every layer but the first; the
  /// optimiser's and all elementwise work is not counted.
  double stepMacs() {
    double macs = 0;
    for (int layer = 1; layer < widths.size(); layer++) {
      int passes = layer == 1 ? 2 : 3;
      macs += (double) passes * widths.get(layer - 1) * widths.get(layer);
    }
    return macs * batch;
  }
}
