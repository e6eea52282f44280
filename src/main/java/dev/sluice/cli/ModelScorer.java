package dev.sluice.cli;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.data.Dataset;
import dev.sluice.gate.GateForms;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.runtime.GateStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Scores a model row by row, as a caller would ask it: the MACs are those really executed.
final class ModelScorer {
  private final ModelRows source;
  private final Dataset rows;
  private final ModelSpec spec;
  private final MacCounter macs;
  private final GateStatistics gates;
  private final float[] targets;
  private final long[] rowsOfStage;
  private long rightCount;
  private double squaredErrors;
  private double absoluteErrors;

  ModelScorer(ModelRows source) {
    this.source = source;
    this.rows = source.rows();
    this.spec = source.model().spec();
    this.macs = new MacCounter(spec.layers().size());
    this.gates = new GateStatistics(spec);
    this.rowsOfStage = new long[spec.stages().size()];
    this.targets = new float[Math.max(1, rows.targets())];
  }

  static ModelScore score(ModelRows source) {
    source.requireTargets();
    ModelScorer scorer = new ModelScorer(source);
    for (int row = 0; row < source.rows().rows(); row++) {
      scorer.add(row);
    }
    return scorer.result();
  }

  private boolean isRegression() {
    return rows.classes() == 0 && spec.output() == OutputForm.IDENTITY;
  }

  /// Asks the next row; returns the last layer's values, in an array that is reused.
  float[] add(int row) {
    float[] answer = source.logits(row);
    if (isRegression()) {
      addErrors(row, answer);
    } else {
      rightCount += Answers.isRight(rows, row, answer, targets) ? 1 : 0;
    }
    macs.add(source.predictor().macs());
    gates.add(source.predictor());
    rowsOfStage[source.predictor().stage()]++;
    return answer;
  }

  private void addErrors(int row, float[] answer) {
    rows.copyTargets(row, targets);
    for (int k = 0; k < answer.length; k++) {
      double error = (double) answer[k] - targets[k];
      squaredErrors += error * error;
      absoluteErrors += Math.abs(error);
    }
  }

  ModelScore result() {
    double count = rows.rows();
    double values = count * spec.outputs();
    return new ModelScore(
        rows.rows(),
        isRegression() ? Double.NaN : rightCount / count,
        isRegression() ? squaredErrors / values : Double.NaN,
        isRegression() ? absoluteErrors / values : Double.NaN,
        spec.denseMacs(),
        macs.structuralMacs() / count,
        macs.executedMacs() / count,
        macs.skippedByGateMacs() / count,
        gates.mean(),
        gates.standardDeviation(),
        Arrays.stream(rowsOfStage).mapToObj(stageRows -> stageRows / count).toList(),
        layers(count));
  }

  private List<ModelScore.Layer> layers(double count) {
    List<ModelScore.Layer> layers = new ArrayList<>();
    for (int index = 0; index < spec.layers().size(); index++) {
      LayerSpec layer = spec.layers().get(index);
      int inputs = spec.layerInputs(index);
      List<Double> usage = new ArrayList<>();
      for (int block = 0; block < layer.blocks(); block++) {
        usage.add(gates.usage(index, block));
      }
      layers.add(
          new ModelScore.Layer(
              inputs + "→" + layer.units(),
              kind(layer),
              ModelScore.Layer.denseMacs(layer.units(), inputs),
              macs.panelMacs(index) / count,
              macs.gateMacs(index) / count,
              macs.lightMacs(index) / count,
              macs.exitMacs(index) / count,
              macs.paddingMacs(index) / count,
              macs.skippedByGateMacs(index) / count,
              skippedAsZero(index) / count,
              macs.skippedAsPrunedMacs(index) / count,
              macs.prunedNotSkippedMacs(index) / count,
              usage));
    }
    return layers;
  }

  private double skippedAsZero(int layer) {
    return Arrays.stream(MacCount.Kind.values())
        .mapToLong(kind -> macs.skippedAsZeroMacs(kind, layer))
        .sum();
  }

  /// `dense`, or the gate's form: `linear`, `low-rank:16`.
  static String kind(LayerSpec layer) {
    return switch (layer) {
      case LayerSpec.Dense dense -> "dense";
      case LayerSpec.Gated gated -> GateForms.format(gated.gate().form());
    };
  }
}
