package dev.sluice.runtime;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/// Whether gates choose: what tells a network whose rows take different ways from one that collapsed to a fixed subnet or a few experts, over the
/// rows that a predictor answered. A network without gates has no layers here, and the ratio 1.
///
/// @param rows answered, at least 1
/// @param ratioMean share of all gates that are open, mean over rows
/// @param ratioStdDev its standard deviation over rows, divided by rows
/// @param commonestShare share of rows whose open gates, of all layers together, are the commonest set
/// @param distinctSets number of different sets
/// @param mutualInformationBits of set and label, by the plug-in estimator: too large where sets are many and rows few
/// @param layers those with gates, in order
public record GateHealth(
    long rows,
    double ratioMean,
    double ratioStdDev,
    double commonestShare,
    int distinctSets,
    double mutualInformationBits,
    List<Layer> layers) {
  public GateHealth {
    layers = List.copyOf(layers);
  }

  /// One layer's gates.
  ///
  /// @param layer index in the network
  /// @param usage per gate the share of rows that open it
  /// @param loadVariation standard deviation of usage over gates, divided by its mean; 0 if no gate ever opens
  /// @param usageEntropyBits entropy of usage scaled to a sum of 1: log₂ of the number of gates if all are used alike, 0 for a single one
  /// @param commonestShare share of rows with this layer's commonest set
  /// @param distinctSets number of different sets
  /// @param mutualInformationBits of this layer's set and label
  public record Layer(
      int layer,
      List<Double> usage,
      double loadVariation,
      double usageEntropyBits,
      double commonestShare,
      int distinctSets,
      double mutualInformationBits) {
    public Layer {
      usage = List.copyOf(usage);
    }

    private static Layer of(int layer, int gates, ActiveSetCounts sets) {
      double[] usage = sets.usage(gates);
      return new Layer(
          layer,
          Arrays.stream(usage).boxed().toList(),
          variation(usage),
          entropyBits(usage),
          sets.commonestShare(),
          sets.distinctSets(),
          sets.mutualInformationBits());
    }
  }

  /// Mean share of open gates by layer, 1 for layers without gates.
  ///
  /// @param spec of the network whose gates these are
  public List<Double> openShares(ModelSpec spec) {
    List<Double> shares = new ArrayList<>(Collections.nCopies(spec.layers().size(), 1.0));
    for (Layer layer : layers) {
      double share = layer.usage.stream().mapToDouble(Double::doubleValue).average().orElse(1);
      shares.set(layer.layer, share);
    }
    return shares;
  }

  /// Collects rows for a network.
  public static Builder builder(ModelSpec spec) {
    return new Builder(spec);
  }

  /// Standard deviation over mean, both over all values; 0 if the mean is.
  static double variation(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return mean == 0 ? 0 : Math.sqrt(squares / values.length) / mean;
  }

  static double entropyBits(double[] values) {
    double sum = Arrays.stream(values).sum();
    return Arrays.stream(values)
        .filter(value -> value > 0)
        .map(value -> -value / sum * StrictMath.log(value / sum) / StrictMath.log(2))
        .sum();
  }

  /// Collects rows. Not thread-safe.
  public static final class Builder {
    private final ModelSpec spec;
    private final GateStatistics ratios;
    private final ActiveSetCounts network = new ActiveSetCounts();
    private final List<ActiveSetCounts> layers = new ArrayList<>();

    private Builder(ModelSpec spec) {
      this.spec = spec;
      this.ratios = new GateStatistics(spec);
      spec.layers().forEach(layer -> layers.add(new ActiveSetCounts()));
    }

    /// Adds the row that `predictor` answered last.
    ///
    /// @param label the row's class; any constant where there are none, and the mutual information is 0
    public Builder add(Predictor predictor, int label) {
      ratios.add(predictor);
      BitSet all = new BitSet();
      int from = 0;
      for (int layer = 0; layer < layers.size(); layer++) {
        if (spec.layers().get(layer) instanceof LayerSpec.Gated gated) {
          BitSet own = set(predictor.openGates(layer));
          layers.get(layer).add(own, label);
          int first = from;
          own.stream().forEach(gate -> all.set(first + gate));
          from += gated.gates();
        }
      }
      network.add(all, label);
      return this;
    }

    private static BitSet set(ActiveSet open) {
      BitSet set = new BitSet(open.capacity());
      for (int position = 0; position < open.count(); position++) {
        set.set(open.index(position));
      }
      return set;
    }

    public GateHealth build() {
      if (ratios.rows() == 0) {
        throw new IllegalStateException("no rows were added");
      }
      List<Layer> gated = new ArrayList<>();
      for (int layer = 0; layer < layers.size(); layer++) {
        if (spec.layers().get(layer) instanceof LayerSpec.Gated own) {
          gated.add(Layer.of(layer, own.gates(), layers.get(layer)));
        }
      }
      return new GateHealth(
          ratios.rows(),
          ratios.mean(),
          ratios.standardDeviation(),
          network.commonestShare(),
          network.distinctSets(),
          network.mutualInformationBits(),
          gated);
    }
  }
}
