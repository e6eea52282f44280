package dev.sluice.gate;

import static java.util.Map.entry;

import dev.sluice.kernel.ActiveSet;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/// Switch routing (Fedus, Zoph, Shazeer 2021, arXiv 2101.03961): `p = softmax(z)`, the gate of the largest logit is open, its weight is its `p`.
/// In training a gate takes at most `⌈c·n/N⌉` of the n rows of a batch for N gates, in the order of rows; rows beyond are dropped: nothing is
/// open for them. At run time there is no batch, and nothing is dropped. Learns as [SwitchRouting] says.
///
/// @param capacity `c`, the factor of an equal share of rows
/// @param balance `α` of `α·N·Σ_e f_e·P_e`
/// @param z weight of `mean (ln Σ exp z)²` (ST-MoE, arXiv 2202.08906)
public record SwitchRule(float capacity, float balance, float z) implements GateRule {
  static final String NAME = "switch";

  public SwitchRule {
    if (!(capacity > 0)) {
      throw new IllegalArgumentException("capacity is not positive: capacity=" + capacity);
    }
    RuleParameters.requireWeight("balance", balance);
    RuleParameters.requireWeight("z", z);
  }

  static SwitchRule of(RuleParameters given) {
    return new SwitchRule(
        given.number("capacity", 1.25f), given.number("balance", 0.01f), given.number("z", 0.001f));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, Object> parameters() {
    return RuleParameters.ordered(
        entry("capacity", capacity), entry("balance", balance), entry("z", z));
  }

  @Override
  public int minimumOpen(int gates) {
    return 1;
  }

  @Override
  public int maximumOpen(int gates) {
    return 1;
  }

  @Override
  public boolean learnsFromClosedGates() {
    return false;
  }

  @Override
  public double initialLogit(int kind, double opening) {
    return 0;
  }

  @Override
  public GateSelector selector(int gates) {
    return new Selector(gates);
  }

  @Override
  public GateEstimator estimator(int gates, int rows, boolean samples) {
    return new SwitchRouting(capacity, balance, z, gates, rows);
  }

  private static final class Selector implements GateSelector {
    private final LargestLogits largest = new LargestLogits(1);
    private final ActiveSet all;
    private final float[] weights;

    Selector(int gates) {
      this.all = ActiveSet.all(gates);
      this.weights = new float[gates];
    }

    @Override
    public void select(MemorySegment logits, long offsetBytes, ActiveSet open) {
      largest.select(logits, offsetBytes, open);
      SoftGates.softmax(logits, offsetBytes, all, weights);
    }

    @Override
    public float weight(int gate) {
      return weights[gate];
    }
  }
}
