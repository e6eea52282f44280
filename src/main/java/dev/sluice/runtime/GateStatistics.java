package dev.sluice.runtime;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import java.util.Arrays;

/// How far a model's gates open, over the rows that a predictor answers: the spread over rows and
/// each block's usage tell a gate that chooses from one that collapsed to a fixed subnet.
///
/// A row's *gate ratio* is its open gates over all gates, those of all gated layers together; gates
/// are blocks, or units at unit granularity. A model without gates has the ratio 1. Not
/// thread-safe.
public final class GateStatistics {
  private final ModelSpec spec;
  private final int[] gatedLayers;
  private final long[][] blockRows;
  private final int gates;
  private long rows;
  private double mean;
  private double sumOfSquaredDeviations;

  public GateStatistics(ModelSpec spec) {
    this.spec = spec;
    this.blockRows = new long[spec.layers().size()][];
    int sum = 0;
    int gated = 0;
    int[] found = new int[blockRows.length];
    for (int layer = 0; layer < blockRows.length; layer++) {
      blockRows[layer] = new long[spec.layers().get(layer).blocks()];
      if (spec.layers().get(layer) instanceof LayerSpec.Gated layerSpec) {
        found[gated++] = layer;
        sum += layerSpec.gates();
      }
    }
    this.gatedLayers = Arrays.copyOf(found, gated);
    this.gates = sum;
  }

  /// Adds the row that `predictor` answered last. It must run a model of this blueprint.
  public void add(Predictor predictor) {
    if (predictor.spec() != spec && !predictor.spec().equals(spec)) {
      throw new IllegalArgumentException(
          "predictor's blueprint differs: expected="
              + spec.architecture()
              + ", actual="
              + predictor.spec().architecture());
    }
    if (!predictor.hasAnswered()) {
      throw new IllegalStateException("predictor has no answer yet");
    }
    for (int layer = 0; layer < blockRows.length; layer++) {
      ActiveSet open = predictor.openBlocks(layer);
      for (int position = 0; position < open.count(); position++) {
        blockRows[layer][open.index(position)]++;
      }
    }
    addRatio(ratio(predictor));
  }

  private double ratio(Predictor predictor) {
    if (gates == 0) {
      return 1;
    }
    int open = 0;
    for (int layer : gatedLayers) {
      open += predictor.openGates(layer).count();
    }
    return (double) open / gates;
  }

  /// Welford's update: no cancellation however many rows.
  private void addRatio(double ratio) {
    rows++;
    double deviation = ratio - mean;
    mean += deviation / rows;
    sumOfSquaredDeviations += deviation * (ratio - mean);
  }

  public long rows() {
    return rows;
  }

  /// Mean gate ratio over rows, NaN without rows.
  public double mean() {
    return rows == 0 ? Double.NaN : mean;
  }

  /// Standard deviation of the gate ratio over the rows seen (divided by rows, not rows − 1), NaN
  /// without rows.
  public double standardDeviation() {
    return Math.sqrt(sumOfSquaredDeviations / rows);
  }

  /// Share of rows that ran block `block` of layer `layer`, NaN without rows; 1 for blocks of a
  /// dense layer.
  public double usage(int layer, int block) {
    if (layer < 0 || layer >= blockRows.length || block < 0 || block >= blockRows[layer].length) {
      throw new IllegalArgumentException(
          "block out of range: layer="
              + layer
              + ", block="
              + block
              + ", layers="
              + blockRows.length);
    }
    return (double) blockRows[layer][block] / rows;
  }
}
