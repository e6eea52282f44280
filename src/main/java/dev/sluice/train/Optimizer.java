package dev.sluice.train;

import dev.sluice.kernel.OptimizerKernels;
import dev.sluice.kernel.OptimizerKernels.AdamWStep;
import dev.sluice.kernel.OptimizerKernels.SgdStep;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Updates all parameters from their gradients, in place. Tasks are fixed ranges of tensors.
final class Optimizer {
  /// 64 KiB of each of the four arrays that an update touches: some microseconds, and inside a second-level cache.
  private static final int RANGE_FLOATS = 16 * 1024;

  private final OptimizerKernels kernels;
  private final OptimizerOptions options;
  private final double gateRateScale;
  private final Weights firstMoments;
  private final @Nullable Weights secondMoments;
  private final List<Range> ranges = new ArrayList<>();
  private final Work update;
  private Steps layerSteps = Steps.NONE;
  private Steps gateSteps = Steps.NONE;

  private record Range(
      MemorySegment weight,
      MemorySegment gradient,
      MemorySegment first,
      MemorySegment second,
      long offsetBytes,
      int count,
      boolean isGate,
      boolean decays) {}

  /// The numbers of one step, for tensors with and without weight decay; of the two optimisers one.
  private record Steps(
      @Nullable AdamWStep adamW,
      @Nullable AdamWStep adamWPlain,
      @Nullable SgdStep sgd,
      @Nullable SgdStep sgdPlain) {
    static final Steps NONE = new Steps(null, null, null, null);
  }

  Optimizer(
      Arena arena,
      OptimizerKernels kernels,
      ModelSpec spec,
      Weights weights,
      Weights gradients,
      TrainingOptions options) {
    this.kernels = kernels;
    this.options = options.optimizer();
    this.gateRateScale = options.gates().learningRateScale();
    this.firstMoments = Weights.allocate(arena, spec);
    this.secondMoments =
        this.options instanceof OptimizerOptions.AdamW ? Weights.allocate(arena, spec) : null;
    List<NamedTensor> targets = weights.tensors();
    List<NamedTensor> slopes = gradients.tensors();
    List<NamedTensor> firsts = firstMoments.tensors();
    List<NamedTensor> seconds = (secondMoments == null ? firstMoments : secondMoments).tensors();
    for (int index = 0; index < targets.size(); index++) {
      addRanges(targets.get(index), slopes.get(index), firsts.get(index), seconds.get(index));
    }
    this.update =
        new Work() {
          @Override
          public int tasks() {
            return ranges.size();
          }

          @Override
          public void run(int task) {
            updateRange(ranges.get(task));
          }
        };
  }

  private void addRanges(
      NamedTensor weight, NamedTensor gradient, NamedTensor first, NamedTensor second) {
    boolean isGate = weight.name().contains(".gate.");
    boolean decays = weight.name().endsWith(".weight");
    for (long from = 0; from < weight.count(); from += RANGE_FLOATS) {
      ranges.add(
          new Range(
              weight.segment(),
              gradient.segment(),
              first.segment(),
              second.segment(),
              from * Float.BYTES,
              (int) Math.min(RANGE_FLOATS, weight.count() - from),
              isGate,
              decays));
    }
  }

  /// Mean gradients, or velocities.
  Weights firstMoments() {
    return firstMoments;
  }

  /// Mean squared gradients of AdamW, null for SGD.
  @Nullable Weights secondMoments() {
    return secondMoments;
  }

  /// Prepares one update.
  ///
  /// @param step from 1
  /// @param layerScale factor of the gradients of layers
  /// @param gateScale factor of the gradients of gates
  Work update(long step, double learningRate, double layerScale, double gateScale) {
    layerSteps = steps(step, learningRate, layerScale);
    gateSteps = steps(step, learningRate * gateRateScale, gateScale);
    return update;
  }

  private Steps steps(long step, double rate, double scale) {
    return switch (options) {
      case OptimizerOptions.AdamW adamW ->
          new Steps(
              adamWStep(adamW, step, rate, scale, adamW.weightDecay()),
              adamWStep(adamW, step, rate, scale, 0),
              null,
              null);
      case OptimizerOptions.Sgd sgd ->
          new Steps(
              null,
              null,
              sgdStep(sgd, rate, scale, sgd.weightDecay()),
              sgdStep(sgd, rate, scale, 0));
    };
  }

  private static AdamWStep adamWStep(
      OptimizerOptions.AdamW options, long step, double rate, double scale, double decay) {
    float beta1 = (float) options.beta1();
    float beta2 = (float) options.beta2();
    double correction1 = 1 - StrictMath.pow(beta1, step);
    double correction2 = 1 - StrictMath.pow(beta2, step);
    return new AdamWStep(
        (float) scale,
        beta1,
        beta2,
        (float) options.epsilon(),
        (float) (rate / correction1),
        (float) (1 / StrictMath.sqrt(correction2)),
        (float) (1 - rate * decay));
  }

  private static SgdStep sgdStep(
      OptimizerOptions.Sgd options, double rate, double scale, double decay) {
    return new SgdStep(
        (float) scale, (float) options.momentum(), (float) rate, (float) decay, options.nesterov());
  }

  private void updateRange(Range range) {
    Steps steps = range.isGate ? gateSteps : layerSteps;
    AdamWStep adamW = range.decays ? steps.adamW : steps.adamWPlain;
    SgdStep sgd = range.decays ? steps.sgd : steps.sgdPlain;
    if (adamW != null) {
      kernels.adamW(
          adamW,
          range.gradient,
          range.first,
          range.second,
          range.offsetBytes,
          range.count,
          range.weight);
    } else if (sgd != null) {
      kernels.sgd(sgd, range.gradient, range.first, range.offsetBytes, range.count, range.weight);
    }
  }
}
