package dev.sluice.gate;

import static java.util.Map.entry;

import dev.sluice.kernel.ActiveSet;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/// Noisy top-k gating of a mixture of experts (Shazeer et al. 2017, arXiv 1701.06538). Two logits per gate: clean `c` and noise `s`.
///
/// ```
/// H = c + N(0,1)·softplus(s)         noise in training only
/// G = softmax(KeepTopK(H, k))        the weights of the k open gates
/// ```
///
/// Ties go to the lower index. Learns as [NoisyTopK] says.
///
/// @param k gates that open
/// @param importance weight of `CV(Σ_x G)²`
/// @param load weight of `CV(Σ_x P)²`, `P` the probability of opening under new noise
public record NoisyTopKRule(int k, float importance, float load) implements GateRule {
  static final String NAME = "noisy-top-k";

  public NoisyTopKRule {
    GateForms.requirePositive("k", k);
    RuleParameters.requireWeight("importance", importance);
    RuleParameters.requireWeight("load", load);
  }

  static NoisyTopKRule of(RuleParameters given) {
    return new NoisyTopKRule(
        given.count("k", 4), given.number("importance", 0.1f), given.number("load", 0.1f));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, Object> parameters() {
    return RuleParameters.ordered(
        entry("k", k), entry("importance", importance), entry("load", load));
  }

  @Override
  public int logitsPerGate() {
    return 2;
  }

  @Override
  public int minimumOpen(int gates) {
    return k;
  }

  @Override
  public int maximumOpen(int gates) {
    return k;
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
  public boolean startsAtZero() {
    return true;
  }

  @Override
  public GateSelector selector(int gates) {
    return new Selector(k, gates);
  }

  @Override
  public GateEstimator estimator(int gates, int rows, boolean samples) {
    return new NoisyTopK(k, importance, load, gates, rows);
  }

  /// The clean logits come first.
  private static final class Selector implements GateSelector {
    private final LargestLogits largest;
    private final float[] weights;

    Selector(int k, int gates) {
      this.largest = new LargestLogits(k);
      this.weights = new float[gates];
    }

    @Override
    public void select(MemorySegment logits, long offsetBytes, ActiveSet open) {
      largest.select(logits, offsetBytes, open);
      SoftGates.softmax(logits, offsetBytes, open, weights);
    }

    @Override
    public float weight(int gate) {
      return weights[gate];
    }
  }
}
