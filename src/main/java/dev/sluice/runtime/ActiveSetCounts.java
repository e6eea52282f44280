package dev.sluice.runtime;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// How often which gates are open together, over rows that have labels.
final class ActiveSetCounts {
  private final Map<BitSet, Map<Integer, Long>> labelsBySet = new HashMap<>();
  private final Map<Integer, Long> labels = new HashMap<>();
  private long rows;

  /// @param open not kept
  void add(BitSet open, int label) {
    Map<Integer, Long> own =
        labelsBySet.computeIfAbsent((BitSet) open.clone(), set -> new HashMap<>());
    own.merge(label, 1L, Long::sum);
    labels.merge(label, 1L, Long::sum);
    rows++;
  }

  int distinctSets() {
    return labelsBySet.size();
  }

  private static long total(Map<Integer, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Share of rows with the set that most rows have.
  double commonestShare() {
    long most = labelsBySet.values().stream().mapToLong(ActiveSetCounts::total).max().orElse(0);
    return (double) most / rows;
  }

  /// Of set and label in bits, by the plug-in estimator `Σ p(s,y) log₂(p(s,y)/(p(s)p(y)))`, which is too large by about
  /// `(sets − 1)(labels − 1)/(2 ln 2 · rows)`.
  double mutualInformationBits() {
    double bits = 0;
    for (Map<Integer, Long> own : labelsBySet.values()) {
      double ofSet = total(own);
      for (Map.Entry<Integer, Long> entry : own.entrySet()) {
        double both = entry.getValue();
        double ofLabel = labels.getOrDefault(entry.getKey(), 0L);
        bits += both / rows * StrictMath.log(both * rows / (ofSet * ofLabel)) / StrictMath.log(2);
      }
    }
    return Math.max(0, bits);
  }

  /// Share of rows that open each of `gates` gates.
  double[] usage(int gates) {
    double[] usage = new double[gates];
    labelsBySet.forEach(
        (set, own) -> {
          double share = (double) total(own) / rows;
          set.stream().forEach(gate -> usage[gate] += share);
        });
    return usage;
  }
}
