package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.Matrix;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/// The parts of a training, made once and bound to each other: weights, gradients, passes, optimiser.
final class TrainingState {
  private final ElementwiseKernels elementwise;
  final Weights weights;
  final Weights gradients;
  final Weights best;
  final Network network;
  final BatchLoader loader;
  final LossPass loss;
  final Optimizer optimizer;
  final Evaluator evaluator;
  final Plasticity plasticity;

  TrainingState(
      Arena arena,
      Kernels kernels,
      ModelSpec spec,
      TrainingOptions options,
      Dataset training,
      @Nullable TeacherAnswers taught,
      WorkTeam team) {
    this.elementwise = kernels.elementwise();
    this.weights = Weights.allocate(arena, spec);
    this.best = Weights.allocate(arena, spec);
    Initializer.initialize(spec, options, weights);
    this.gradients = Weights.allocate(arena, spec);
    this.network =
        NetworkBinding.forTraining(arena, kernels, spec, weights, gradients, options, team);
    Matrix teacherBatch =
        taught == null
            ? null
            : Buffers.allocate(arena, options.batchSize(), network.output().columns());
    Targets targets = new Targets(spec, options.batchSize(), teacherBatch);
    this.loader =
        new BatchLoader(
            arena,
            network.batch(),
            network.input(),
            targets,
            kernels.elementwise(),
            options,
            options.augmentation().isNone()
                ? null
                : new Augmenter(training, options.augmentation(), options.seed()),
            taught);
    Criteria criteria = new Criteria(arena, kernels.elementwise(), spec, targets, options);
    StageAnswers answers = network.answers();
    this.loss =
        new LossPass(network.batch(), criteria.together(answers, criteria.of(answers, true)));
    this.optimizer = new Optimizer(arena, kernels.optimizer(), spec, weights, gradients, options);
    this.evaluator = Evaluator.of(team, network, loader, criteria, spec, true);
    this.plasticity =
        new Plasticity(arena, elementwise, spec, options, weights, gradients, optimizer);
    plasticity.attach(network);
    best.copyFrom(weights);
  }

  /// False once an update has overflowed: such weights are neither kept nor stored.
  boolean weightsAreFinite() {
    for (NamedTensor tensor : weights.tensors()) {
      int run = 1 << 24;
      for (long from = 0; from < tensor.count(); from += run) {
        int count = (int) Math.min(run, tensor.count() - from);
        double squares = elementwise.sumOfSquares(tensor.segment(), from * Float.BYTES, count);
        if (!Double.isFinite(squares)) {
          return false;
        }
      }
    }
    return true;
  }
}
