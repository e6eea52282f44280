package dev.sluice.experiment;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.runtime.GateStatistics;
import dev.sluice.runtime.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Collects what the rows of a test opened, with their labels.
final class ActiveSets {
  private final ModelSpec spec;
  private final int classes;
  private final int[] firstGate;
  private final int[] gates;
  private final GateStatistics statistics;
  private final Map<BitSet, int[]> labelsOfSet = new LinkedHashMap<>();
  private long rows;

  ActiveSets(ModelSpec spec, int classes) {
    this.spec = spec;
    this.classes = classes;
    this.statistics = new GateStatistics(spec);
    this.gates = new int[spec.layers().size()];
    this.firstGate = new int[gates.length + 1];
    for (int layer = 0; layer < gates.length; layer++) {
      // a dense layer has one decision: whether its stage ran
      gates[layer] = spec.layers().get(layer) instanceof LayerSpec.Gated gated ? gated.gates() : 1;
      firstGate[layer + 1] = firstGate[layer] + gates[layer];
    }
  }

  /// Adds the row that was answered last.
  void add(Predictor predictor, int label) {
    statistics.add(predictor);
    rows++;
    BitSet open = new BitSet(firstGate[gates.length]);
    for (int layer = 0; layer < gates.length; layer++) {
      if (isGated(layer)) {
        ActiveSet active = predictor.openGates(layer);
        for (int position = 0; position < active.count(); position++) {
          open.set(firstGate[layer] + active.index(position));
        }
      } else if (predictor.openBlocks(layer).count() > 0) {
        open.set(firstGate[layer]);
      }
    }
    labelsOfSet.computeIfAbsent(open, _ -> new int[classes])[label]++;
  }

  private boolean isGated(int layer) {
    return spec.layers().get(layer) instanceof LayerSpec.Gated;
  }

  GateHealth health() {
    int commonest = 0;
    for (int[] labels : labelsOfSet.values()) {
      commonest = Math.max(commonest, Arrays.stream(labels).sum());
    }
    return new GateHealth(
        statistics.mean(),
        statistics.standardDeviation(),
        usage(),
        openShares(),
        deadBlocks(),
        labelsOfSet.size(),
        (double) commonest / rows,
        Information.mutual(labelsOfSet.values()),
        gateInformation());
  }

  private List<List<Double>> usage() {
    List<List<Double>> usage = new ArrayList<>();
    for (int layer = 0; layer < gates.length; layer++) {
      List<Double> ofLayer = new ArrayList<>();
      for (int block = 0; block < spec.layers().get(layer).blocks(); block++) {
        ofLayer.add(statistics.usage(layer, block));
      }
      usage.add(ofLayer);
    }
    return usage;
  }

  private int deadBlocks() {
    int dead = 0;
    for (int layer = 0; layer < gates.length; layer++) {
      for (int block = 0; isGated(layer) && block < spec.layers().get(layer).blocks(); block++) {
        dead += statistics.usage(layer, block) == 0 ? 1 : 0;
      }
    }
    return dead;
  }

  private List<Double> openShares() {
    List<Double> shares = new ArrayList<>();
    for (int layer = 0; layer < gates.length; layer++) {
      long open = 0;
      for (int gate = firstGate[layer]; gate < firstGate[layer + 1]; gate++) {
        open += Arrays.stream(labelsOf(gate)[1]).sum();
      }
      shares.add((double) open / rows / gates[layer]);
    }
    return shares;
  }

  private double gateInformation() {
    double sum = 0;
    int count = 0;
    for (int layer = 0; layer < gates.length; layer++) {
      for (int gate = firstGate[layer]; isGated(layer) && gate < firstGate[layer + 1]; gate++) {
        sum += Information.mutual(List.of(labelsOf(gate)));
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  /// Labels of the rows that left a gate closed, and of those that opened it.
  private int[][] labelsOf(int gate) {
    int[][] labels = new int[2][classes];
    for (Map.Entry<BitSet, int[]> set : labelsOfSet.entrySet()) {
      int[] sums = labels[set.getKey().get(gate) ? 1 : 0];
      for (int label = 0; label < classes; label++) {
        sums[label] += set.getValue()[label];
      }
    }
    return labels;
  }
}
