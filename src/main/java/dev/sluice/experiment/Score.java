package dev.sluice.experiment;

import static dev.sluice.kernel.KernelProvider.kernels;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.data.Dataset;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.runtime.FeatureCheck;
import dev.sluice.runtime.GateHealth;
import dev.sluice.runtime.Predictor;
import dev.sluice.runtime.PublishedMacs;
import dev.sluice.runtime.ZeroSkipping;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// A model on rows it was not trained on, asked one at a time. The same on every machine.
///
/// @param accuracy share of right answers
/// @param macs structural, gates and all else counted, mean over rows
/// @param relativeMacsSelf the same relative to the model's own dense MACs
/// @param stageShares share of rows that each stage answers; 1 for a network of one stage
/// @param executedShare of `macs`, what is multiplied where every exact zero is skipped
public record Score(
    int rows,
    double accuracy,
    double macs,
    double relativeMacsSelf,
    double executedShare,
    List<Double> stageShares,
    GateHealth gates,
    PublishedMacs published) {

  public Score {
    stageShares = List.copyOf(stageShares);
  }

  public static Score of(Model model, Dataset data) {
    ModelSpec spec = model.spec();
    // every zero, not those where it pays here: the figures shall not depend on the machine
    try (Predictor predictor =
        Predictor.of(model, FeatureCheck.NONE, kernels(), ZeroSkipping.ALWAYS)) {
      MacCounter macs = new MacCounter(spec.layers().size());
      GateHealth.Builder gates = GateHealth.builder(spec);
      float[] features = new float[data.features()];
      float[] logits = new float[spec.outputs()];
      int right = 0;
      int[] answered = new int[spec.stages().size()];
      for (int row = 0; row < data.rows(); row++) {
        data.copyFeatures(row, MemorySegment.ofArray(features), 0);
        predictor.logits(features, logits);
        right += isRight(logits, data.label(row)) ? 1 : 0;
        macs.add(predictor.macs());
        answered[predictor.stage()]++;
        gates.add(predictor, data.label(row));
      }
      return of(spec, data.rows(), right, macs, answered, gates.build());
    }
  }

  private static Score of(
      ModelSpec spec, int rows, int right, MacCount macs, int[] answered, GateHealth gates) {
    double mean = (double) macs.structuralMacs() / rows;
    return new Score(
        rows,
        (double) right / rows,
        mean,
        mean / spec.denseMacs(),
        (double) macs.executedMacs() / macs.structuralMacs(),
        Arrays.stream(answered).mapToObj(count -> (double) count / rows).toList(),
        gates,
        PublishedMacs.of(spec, gates.openShares(spec)));
  }

  /// The first of equal logits is the answer; NaN is wrong.
  public static boolean isRight(float[] logits, int label) {
    for (int other = 0; other < logits.length; other++) {
      boolean isBehind =
          other < label ? logits[other] < logits[label] : logits[other] <= logits[label];
      if (other != label && !isBehind) {
        return false;
      }
    }
    return !Float.isNaN(logits[label]);
  }
}
