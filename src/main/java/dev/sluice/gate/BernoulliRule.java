package dev.sluice.gate;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ScalarMath;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/// Block policies (Bengio, Bacon, Pineau, Precup 2015, arXiv 1511.06297): gate `j` of a row is drawn, `u_j ~ Bernoulli(σ_j)`, `σ = σ(z)`, and
/// learns by [Reinforce]. Published weights are 1, ours `σ`, for layers that scale.
///
/// @param at how decisions are made at run time, where nothing is learned
/// @param k gates that open, for [Decision#TOP]; else 0
/// @param seed of draws at run time, for [Decision#SAMPLE]; else 0
/// @param clamp `c` in [0, ½): probabilities are `(1 − 2c)σ + c`; 0.01 as coded by the authors
/// @param baseline what REINFORCE subtracts from a row's loss
public record BernoulliRule(Decision at, int k, long seed, float clamp, Reinforce.Baseline baseline)
    implements GateRule {
  static final String NAME = "bernoulli";

  /// The way to decide at run time. A sampled policy and its threshold differ while `σ` is not saturated.
  public enum Decision {
    /// `σ > ½`
    THRESHOLD,
    /// The `k` largest.
    TOP,
    /// As in training; the draw is a function of the seed and of the row's logits.
    SAMPLE
  }

  public BernoulliRule {
    if ((at == Decision.TOP) != (k > 0)) {
      throw new IllegalArgumentException(
          "k goes with decisions by top: at=" + RuleParameters.word(at) + ", k=" + k);
    }
    if (at != Decision.SAMPLE && seed != 0) {
      throw new IllegalArgumentException(
          "a seed goes with sampled decisions: at=" + RuleParameters.word(at) + ", seed=" + seed);
    }
    if (!(clamp >= 0 && clamp < 0.5f)) {
      throw new IllegalArgumentException("clamp is not in [0, 0.5): clamp=" + clamp);
    }
  }

  static BernoulliRule of(RuleParameters given) {
    return new BernoulliRule(
        given.word("at", Decision.THRESHOLD),
        given.count("k", 0),
        given.whole("seed", 0),
        given.number("clamp", 0.01f),
        given.word("baseline", Reinforce.Baseline.LEAVE_ONE_OUT));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("at", RuleParameters.word(at));
    if (at == Decision.TOP) {
      parameters.put("k", k);
    }
    if (at == Decision.SAMPLE) {
      parameters.put("seed", seed);
    }
    parameters.put("clamp", clamp);
    parameters.put("baseline", RuleParameters.word(baseline));
    return parameters;
  }

  @Override
  public int minimumOpen(int gates) {
    return k;
  }

  @Override
  public int maximumOpen(int gates) {
    return at == Decision.TOP ? k : gates;
  }

  @Override
  public boolean learnsFromClosedGates() {
    return false;
  }

  @Override
  public GateSelector selector(int gates) {
    return switch (at) {
      case THRESHOLD -> new Selector(new ThresholdRule(1f, 0.5f, 0).selector(gates));
      case TOP -> new Selector(new TopKRule(k, 1f).selector(gates));
      case SAMPLE -> new Selector(new Sampler());
    };
  }

  @Override
  public GateEstimator estimator(int gates, int rows, boolean samples) {
    return new Reinforce(clamp, baseline, gates, rows);
  }

  private float probability(float sigmoid) {
    return Reinforce.probability(sigmoid, clamp);
  }

  /// Decides as another rule does, and weighs by the policy's probability.
  private final class Selector implements GateSelector {
    private final GateSelector decision;

    Selector(GateSelector decision) {
      this.decision = decision;
    }

    @Override
    public void select(MemorySegment logits, long offsetBytes, ActiveSet open) {
      decision.select(logits, offsetBytes, open);
    }

    @Override
    public float weight(int gate) {
      return probability(decision.weight(gate));
    }

    @Override
    public void shift(float logits) {
      decision.shift(logits);
    }
  }

  /// Its weights are `σ`, not clamped, of logits that are not shifted.
  private final class Sampler implements GateSelector {
    private final LogitDraws draws = new LogitDraws(seed);
    private float shift;
    private MemorySegment logits = MemorySegment.NULL;
    private long offsetBytes;

    @Override
    public void select(MemorySegment newLogits, long newOffsetBytes, ActiveSet open) {
      logits = newLogits;
      offsetBytes = newOffsetBytes;
      draws.take(logits, offsetBytes, open.capacity());
      open.clear();
      for (int gate = 0; gate < open.capacity(); gate++) {
        float logit = SoftGates.logit(logits, offsetBytes, gate) + shift;
        float p = probability(ScalarMath.sigmoid(logit));
        if (draws.uniform(gate) < p) {
          open.add(gate);
        }
      }
    }

    @Override
    public float weight(int gate) {
      return SoftGates.sigmoid(logits, offsetBytes, gate, 1f);
    }

    @Override
    public void shift(float newShift) {
      shift = newShift;
    }
  }
}
