package dev.sluice.gate;

import static java.util.Map.entry;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.memory.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/// The `k` gates of the largest logits are open, of equal ones those with the lower index; weight `p = σ(z/T)`. Learns straight through, with
/// `p` in the place of the missing derivative: MID-L's mask (Shaeri & Middel, arXiv 2505.11416) in our reading.
///
/// @param k gates that open
/// @param temperature T > 0, as training left it
public record TopKRule(int k, float temperature) implements GateRule {
  static final String NAME = "top-k";

  public TopKRule {
    GateForms.requirePositive("k", k);
    RuleParameters.requireTemperature(temperature);
  }

  static TopKRule of(RuleParameters given) {
    return new TopKRule(given.count("k", 4), given.number("temperature", 1f));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, Object> parameters() {
    return RuleParameters.ordered(entry("k", k), entry("temperature", temperature));
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
  public TopKRule withSchedule(float newTemperature, float newThreshold) {
    return new TopKRule(k, newTemperature);
  }

  @Override
  public GateSelector selector(int gates) {
    return new Selector();
  }

  @Override
  public GateEstimator estimator(int gates, int rows, boolean samples) {
    return new Estimator(rows);
  }

  private final class Selector implements GateSelector {
    private final LargestLogits largest = new LargestLogits(k);
    private MemorySegment logits = MemorySegment.NULL;
    private long offsetBytes;

    @Override
    public void select(MemorySegment newLogits, long newOffsetBytes, ActiveSet open) {
      logits = newLogits;
      offsetBytes = newOffsetBytes;
      largest.select(logits, offsetBytes, open);
    }

    @Override
    public float weight(int gate) {
      return SoftGates.sigmoid(logits, offsetBytes, gate, temperature);
    }
  }

  private final class Estimator extends StraightThrough {
    private final RowRankings largest;

    Estimator(int rows) {
      super(temperature);
      this.largest = new RowRankings(k, rows);
    }

    @Override
    void open(int row, Matrix logits, Matrix soft, GateDraws draws, ActiveSet open) {
      largest.of(row).select(logits.data(), logits.rowOffsetBytes(row), open);
    }
  }
}
