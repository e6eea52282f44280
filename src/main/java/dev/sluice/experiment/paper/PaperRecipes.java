package dev.sluice.experiment.paper;

import dev.sluice.experiment.Recipe;
import dev.sluice.kernel.Activation;
import dev.sluice.train.LearningRate;
import dev.sluice.train.OptimizerOptions;
import dev.sluice.train.TrainingOptions;
import java.util.List;
import java.util.Optional;

/// Recipes of papers' tables. Apart from those of the frontier, so that a table stays what it was when those are tuned.
final class PaperRecipes {
  private PaperRecipes() {}

  static Recipe of(List<Integer> hidden, Activation activation, TrainingOptions options) {
    return new Recipe(hidden, activation, 32, options, Optional.empty());
  }

  /// AdamW at a constant rate, nothing else.
  static TrainingOptions options(int epochs, int batch, double learningRate, double weightDecay) {
    return TrainingOptions.builder()
        .epochs(epochs)
        .batchSize(batch)
        .optimizer(OptimizerOptions.AdamW.withDecay(weightDecay))
        .learningRate(LearningRate.constant(learningRate))
        .build();
  }

  /// Ours, where a paper's is not known: one cycle up to 2e-3, dropout 0.2.
  static Recipe regularised(List<Integer> hidden, int epochs) {
    return of(
        hidden,
        Activation.RELU,
        options(epochs, 128, 1e-3, 1e-2).toBuilder()
            .learningRate(LearningRate.oneCycle(2e-3))
            .dropout(0.2)
            .build());
  }
}
