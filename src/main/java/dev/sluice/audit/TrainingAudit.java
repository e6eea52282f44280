package dev.sluice.audit;

import dev.sluice.account.StepMacs;
import dev.sluice.data.Dataset;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.meter.ElementwiseKind;
import dev.sluice.kernel.meter.FlopMeter;
import dev.sluice.model.Model;
import dev.sluice.train.TrainStepProbe;
import dev.sluice.train.TrainingOptions;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The account of some training steps, beside what kernels executed for them.
///
/// @param promised summed over the steps
/// @param rows of all steps
/// @param elementFlops floating-point operations in kernels that belong to no product and so to no account; what the trainer does in loops of its own, such as
///     sums of losses, gradients of gates' logits and mixing light paths, is not in them
public record TrainingAudit(
    Books books, StepMacs promised, int steps, long rows, Map<ElementwiseKind, Long> elementFlops) {
  public TrainingAudit {
    Map<ElementwiseKind, Long> copy = new EnumMap<>(ElementwiseKind.class);
    copy.putAll(elementFlops);
    elementFlops = Collections.unmodifiableMap(copy);
  }

  /// Trains a copy of a model for some steps, with metered kernels, which are many times slower than others; the model stays as it is.
  ///
  /// @param options of the training whose first steps these are
  /// @param rows to train on, as many as the training has
  /// @param steps from 1 to all steps of the training
  /// @param kernels like which the metered ones are
  /// @param threads which change no count
  public static TrainingAudit of(
      Model model, TrainingOptions options, Dataset rows, int steps, Kernels kernels, int threads) {
    if (steps < 1) {
      throw new IllegalArgumentException("audit has no training steps: steps=" + steps);
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads are not positive: threads=" + threads);
    }
    FlopMeter meter = FlopMeter.of(kernels);
    ExecutorService helpers =
        Executors.newFixedThreadPool(
            Math.max(1, threads - 1),
            Thread.ofPlatform().daemon().name("sluice-audit-", 1).factory());
    try (TrainStepProbe probe =
        TrainStepProbe.of(model, options, rows, meter.kernels(), helpers, threads)) {
      return of(probe, steps, meter);
    } finally {
      helpers.shutdown();
    }
  }

  private static TrainingAudit of(TrainStepProbe probe, int steps, FlopMeter meter) {
    if (steps > probe.totalSteps()) {
      throw new IllegalArgumentException(
          "training has fewer steps: steps=" + steps + ", totalSteps=" + probe.totalSteps());
    }
    meter.reset();
    long rows = probe.step();
    StepMacs promised = probe.macs();
    for (int step = 1; step < steps; step++) {
      rows += probe.step();
      promised.add(probe.macs());
    }
    Books books = Books.of(probe::panels, promised, meter);
    return new TrainingAudit(books, promised, steps, rows, meter.ofElements());
  }

  /// Sum of [#elementFlops].
  public long otherFlops() {
    return elementFlops.values().stream().mapToLong(Long::longValue).sum();
  }

  /// See [Books#isBalanced].
  public boolean isBalanced() {
    return books.isBalanced();
  }

  /// What is wrong, with layer, kind and pass; empty if the books balance.
  public List<String> differences() {
    return books.differences();
  }
}
