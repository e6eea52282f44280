package dev.sluice.gate;

import static java.util.Map.entry;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;

/// Uniform block dropout, the control of Bengio et al. 2015 (arXiv 1511.06297): every gate is open with the same probability whatever the input,
/// in training and at run time. Weights are 1. Learns nothing.
///
/// At run time the draw is a function of the seed and of the row's logits, whose values do not matter otherwise: with a static gate all
/// rows have the same draw, one random subnet; with a low-rank gate of rank 1 each row has its own, for `inputs + gates` MACs.
///
/// @param share probability of being open, in (0, 1]
/// @param seed of draws at run time
public record UniformRule(float share, long seed) implements GateRule {
  static final String NAME = "uniform";

  public UniformRule {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share of open gates is not in (0, 1]: share=" + share);
    }
  }

  static UniformRule of(RuleParameters given) {
    return new UniformRule(given.number("share", 0.5f), given.whole("seed", 0));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, Object> parameters() {
    return RuleParameters.ordered(entry("share", share), entry("seed", seed));
  }

  @Override
  public int minimumOpen(int gates) {
    return 0;
  }

  @Override
  public boolean opensByLogits(int gates) {
    return false;
  }

  @Override
  public boolean learnsFromClosedGates() {
    return false;
  }

  @Override
  public GateSelector selector(int gates) {
    return new Selector();
  }

  @Override
  public GateEstimator estimator(int gates, int rows, boolean samples) {
    return new Estimator();
  }

  private final class Selector implements GateSelector {
    private final LogitDraws draws = new LogitDraws(seed);

    @Override
    public void select(MemorySegment logits, long offsetBytes, ActiveSet open) {
      draws.take(logits, offsetBytes, open.capacity());
      open.clear();
      for (int gate = 0; gate < open.capacity(); gate++) {
        if (draws.uniform(gate) < share) {
          open.add(gate);
        }
      }
    }

    @Override
    public float weight(int gate) {
      return 1f;
    }
  }

  private final class Estimator implements GateEstimator {
    @Override
    public void soften(
        Matrix logits, int fromRow, int toRow, ElementwiseKernels elementwise, Matrix soft) {
      for (int row = fromRow; row < toRow; row++) {
        elementwise.fill(share, soft.data(), soft.rowOffsetBytes(row), soft.columns());
      }
    }

    @Override
    public void select(
        int row, Matrix logits, Matrix soft, GateDraws draws, ActiveSet open, float[] weights) {
      SoftGates.draw(row, soft, draws, open);
      Arrays.fill(weights, 1f);
    }

    @Override
    public void logitGrad(
        int row,
        Matrix logits,
        Matrix soft,
        OpenGates open,
        boolean scalesOutput,
        float[] admitted,
        double[] softGrad,
        Matrix logitGrad) {
      for (int gate = 0; gate < admitted.length; gate++) {
        logitGrad.set(row, gate, 0f);
      }
    }
  }
}
