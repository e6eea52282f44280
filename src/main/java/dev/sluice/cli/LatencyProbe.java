package dev.sluice.cli;

import dev.sluice.data.Dataset;
import dev.sluice.model.Model;
import dev.sluice.runtime.Predictor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Times one prediction at a time, over different rows, on networks in turn: what disturbs the
/// machine for a while disturbs all of them. A rough figure; JMH makes the exact ones.
final class LatencyProbe {
  private final int rounds;
  private final int rowsPerRound;
  private final float[][] features;

  /// @param rows at least `rowsPerRound` rows
  LatencyProbe(Dataset rows, int rounds, int rowsPerRound) {
    this.rounds = rounds;
    this.rowsPerRound = rowsPerRound;
    this.features = new float[rows.rows()][rows.features()];
    for (int row = 0; row < features.length; row++) {
      rows.copyFeatures(row, MemorySegment.ofArray(features[row]), 0);
    }
  }

  /// One figure per model, in order.
  List<Latency> measure(List<Model> models) {
    List<Predictor> predictors = models.stream().map(Predictor::of).toList();
    List<long[]> nanos = new ArrayList<>();
    predictors.forEach(predictor -> nanos.add(new long[rounds * rowsPerRound]));
    // before the second compiler is done, times say nothing about the network
    for (int round = -rounds / 2; round < rounds; round++) {
      for (int index = 0; index < predictors.size(); index++) {
        long[] samples = round < 0 ? new long[rowsPerRound] : nanos.get(index);
        time(predictors.get(index), round, samples, Math.max(0, round) * rowsPerRound);
      }
    }
    predictors.forEach(Predictor::close);
    return nanos.stream().map(Latency::of).toList();
  }

  private void time(Predictor predictor, int round, long[] nanos, int offset) {
    float[] answer = new float[predictor.outputs()];
    int firstRow = Math.floorMod(round * rowsPerRound, features.length);
    for (int index = 0; index < rowsPerRound; index++) {
      float[] row = features[(firstRow + index) % features.length];
      long start = System.nanoTime();
      predictor.predict(row, answer);
      nanos[offset + index] = System.nanoTime() - start;
    }
  }
}
