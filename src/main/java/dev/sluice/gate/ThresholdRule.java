package dev.sluice.gate;

import static dev.sluice.memory.AlignedMemory.FLOAT;
import static java.util.Map.entry;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.memory.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/// DynamicGate: `p = σ(z/T)`, `g = 1[p > threshold]`, which is `z > T·logit(threshold)`: no sigmoid at run time. Learns straight through.
/// A sampled decision is `g ~ Bernoulli(p)`, in training alone.
///
/// If fewer than `minimumOpen` gates pass, those of the largest logits are open. A NaN logit never passes and ranks below −∞.
///
/// @param temperature T > 0, as training left it
/// @param threshold in (0, 1), as training left it
/// @param minimumOpen gates that open at least
public record ThresholdRule(float temperature, float threshold, int minimumOpen)
    implements GateRule {
  static final String NAME = "threshold";

  public ThresholdRule {
    RuleParameters.requireTemperature(temperature);
    if (!(threshold > 0 && threshold < 1)) {
      throw new IllegalArgumentException(
          "gate threshold is not between 0 and 1: threshold=" + threshold);
    }
    if (minimumOpen < 0) {
      throw new IllegalArgumentException(
          "minimum of open gates is negative: minimumOpen=" + minimumOpen);
    }
  }

  static ThresholdRule of(RuleParameters given) {
    return new ThresholdRule(
        given.number("temperature", 1f),
        given.number("threshold", 0.5f),
        given.count("minimum", 1));
  }

  /// T = 1, threshold ½, at least one gate open.
  public static ThresholdRule standard() {
    return new ThresholdRule(1f, 0.5f, 1);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, Object> parameters() {
    return RuleParameters.ordered(
        entry("temperature", temperature),
        entry("threshold", threshold),
        entry("minimum", minimumOpen));
  }

  @Override
  public int minimumOpen(int gates) {
    return minimumOpen;
  }

  /// The logit above which a gate is open: `T·logit(threshold)`.
  public float decisionLogit() {
    return (float) (temperature * StrictMath.log(threshold / (1.0 - threshold)));
  }

  @Override
  public ThresholdRule withSchedule(float newTemperature, float newThreshold) {
    return new ThresholdRule(newTemperature, newThreshold, minimumOpen);
  }

  @Override
  public GateSelector selector(int gates) {
    return new Selector();
  }

  @Override
  public GateEstimator estimator(int gates, int rows, boolean samples) {
    return new Estimator(rows, samples);
  }

  private final class Selector implements GateSelector {
    private final LargestLogits largest = new LargestLogits(minimumOpen);
    private final float unshifted = decisionLogit();
    private float decisionLogit = unshifted;
    private MemorySegment logits = MemorySegment.NULL;
    private long offsetBytes;

    @Override
    public void select(MemorySegment newLogits, long newOffsetBytes, ActiveSet open) {
      logits = newLogits;
      offsetBytes = newOffsetBytes;
      open.clear();
      for (int gate = 0; gate < open.capacity(); gate++) {
        if (logits.get(FLOAT, offsetBytes + (long) gate * Float.BYTES) > decisionLogit) {
          open.add(gate);
        }
      }
      if (open.count() < minimumOpen) {
        largest.select(logits, offsetBytes, open);
      }
    }

    @Override
    public float weight(int gate) {
      return SoftGates.sigmoid(logits, offsetBytes, gate, temperature);
    }

    @Override
    public void shift(float newShift) {
      decisionLogit = unshifted - newShift;
    }
  }

  private final class Estimator extends StraightThrough {
    private final Selector[] selectors;
    private final boolean samples;

    Estimator(int rows, boolean samples) {
      super(temperature);
      this.selectors = new Selector[rows];
      this.samples = samples;
    }

    @Override
    void open(int row, Matrix logits, Matrix soft, GateDraws draws, ActiveSet open) {
      if (!samples) {
        selector(row).select(logits.data(), logits.rowOffsetBytes(row), open);
        return;
      }
      SoftGates.draw(row, soft, draws, open);
      if (open.count() < minimumOpen) {
        selector(row).largest.select(logits.data(), logits.rowOffsetBytes(row), open);
      }
    }

    private Selector selector(int row) {
      if (selectors[row] == null) {
        selectors[row] = new Selector();
      }
      return selectors[row];
    }
  }
}
