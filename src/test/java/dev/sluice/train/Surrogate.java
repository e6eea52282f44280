package dev.sluice.train;

import dev.sluice.memory.Matrix;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerSpec;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a step descends by the straight-through estimator, `L(θ; masks fixed) + Σ c_ij·p_ij(θ) + R(p(θ))`, with `c_ij` the derivative of
/// loss and budget by the mask as if it were continuous, taken where the decisions are. All derivatives are central differences.
final class Surrogate {
  private static final double DIFFERENCE = 1e-5;

  final DoubleNetwork network;
  private final StepFixture step;
  private final double ramp;
  private final double macWeight;
  private final int rows;
  private final double[][][] masks;
  private final double[][][] c;
  private final double[][][] factors;

  /// Answers of stages as they were, `[row][stage][output]`: what nothing learns through.
  private final double[][][] detached;

  /// Outputs of layers as they were, null if gradients flow into what stages share.
  private double[][] @Nullable [] frozen;

  /// Whether the loss has what thinking costs: training descends it, but does not report it.
  private boolean ponders;

  Surrogate(StepFixture step, double ramp, double macWeight) {
    this.step = step;
    this.ramp = ramp;
    this.macWeight = macWeight;
    this.rows = step.rows;
    this.masks = new double[rows][][];
    this.c = new double[rows][][];
    this.factors = new double[rows][][];
    this.network = new DoubleNetwork(step.spec, step.state.weights);
    for (int row = 0; row < rows; row++) {
      masks[row] = step.masks(row);
      c[row] = zeros(masks[row]);
      factors[row] = factors(row);
    }
    this.detached = new double[rows][step.spec.stages().size()][];
    double[][][] outputs = new double[rows][][];
    for (int row = 0; row < rows; row++) {
      network.forward(step.input(row), masks[row], factors[row]);
      outputs[row] = network.outputs;
      for (int stage = 0; stage < detached[row].length; stage++) {
        detached[row][stage] = network.outputs[step.spec.head(stage)];
      }
    }
    this.frozen = step.options.stages().sharedGradient() ? null : outputs;
  }

  private static double[][] zeros(double[][] like) {
    double[][] zeros = new double[like.length][];
    for (int layer = 0; layer < like.length; layer++) {
      zeros[layer] = new double[like[layer].length];
    }
    return zeros;
  }

  private double[][] factors(int row) {
    double share = step.options.dropout();
    double[][] made = new double[step.spec.layers().size()][];
    for (int layer = 0; layer < made.length && share > 0; layer++) {
      if (layer == step.spec.head(step.spec.stageOf(layer))) {
        continue;
      }
      try (Arena arena = Arena.ofConfined()) {
        Matrix matrix = Buffers.allocate(arena, rows, 32);
        new Dropout(share, step.options.seed(), layer + 1).fill(0, 0, rows, matrix);
        made[layer] = new double[step.spec.layers().get(layer).units()];
        for (int unit = 0; unit < made[layer].length; unit++) {
          made[layer][unit] = matrix.get(row, unit);
        }
      }
    }
    return made;
  }

  boolean openGates() {
    if (!step.spec.isGated()) {
      return true;
    }
    double open = 0;
    double gates = 0;
    for (double[][] row : masks) {
      for (double[] layer : row) {
        gates += layer.length;
        for (double mask : layer) {
          open += mask;
        }
      }
    }
    return open > 0 && open < gates;
  }

  /// Mean smoothed cross-entropy with the masks as they are.
  double task() {
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      network.frozen = frozen == null ? null : frozen[row];
      network.forward(step.input(row), masks[row], factors[row]);
      sum += isHalting() ? halting(row) : overStages(row);
    }
    return sum / rows;
  }

  private boolean isHalting() {
    return step.state.network.answers().halting() != null;
  }

  /// The loss of the mixture and what thinking costs, with N as it was.
  private double halting(int row) {
    int steps = step.state.network.answers().stage(0, row);
    double ponder = ponders ? step.options.stages().ponderWeight() : 0;
    return smoothed(network.mixture(steps), row) + ponder * (steps + 1 + network.remainder(steps));
  }

  private double overStages(int row) {
    StageOptions stages = step.options.stages();
    int last = step.spec.stages().size() - 1;
    double sum = 0;
    for (int stage = 0; stage <= last; stage++) {
      double[] z = network.outputs[step.spec.head(stage)];
      double within = stage < last ? stages.selfDistillation() : 0;
      double loss = (1 - within) * smoothed(z, row);
      if (within > 0) {
        loss +=
            within * divergence(detached[row][last], z, step.options.distillation().temperature());
      }
      if (stage > 0) {
        double confidence = Math.exp(-lowestCrossEntropy(detached[row][stage - 1]));
        loss *= Math.pow(1 - confidence, stages.focus());
      }
      sum += stages.weight(stage) * loss;
    }
    return sum;
  }

  private static double lowestCrossEntropy(double[] z) {
    double lowest = Double.POSITIVE_INFINITY;
    for (int k = 0; k < z.length; k++) {
      lowest = Math.min(lowest, DoubleNetwork.crossEntropy(z, k));
    }
    return lowest;
  }

  private static double divergence(double[] teacher, double[] student, double temperature) {
    double[] p = Arrays.stream(teacher).map(z -> z / temperature).toArray();
    double[] q = Arrays.stream(student).map(z -> z / temperature).toArray();
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      double logP = -DoubleNetwork.crossEntropy(p, k);
      sum += Math.exp(logP) * (logP + DoubleNetwork.crossEntropy(q, k));
    }
    return temperature * temperature * sum;
  }

  private double smoothed(double[] z, int row) {
    double smoothing = step.options.labelSmoothing();
    double sum = (1 - smoothing) * DoubleNetwork.crossEntropy(z, step.data.label(row));
    for (int k = 0; k < z.length; k++) {
      sum += smoothing / z.length * DoubleNetwork.crossEntropy(z, k);
    }
    return sum;
  }

  /// λ·relMACs and terms of the mean decision, as functions of real masks.
  private double ofMasks() {
    double macs = 0;
    for (int row = 0; row < rows; row++) {
      double[] executed = new double[step.spec.layers().size()];
      double[] readable = new double[executed.length];
      for (int layer = 0; layer < executed.length; layer++) {
        executed[layer] = step.spec.layers().get(layer).units();
        if (step.spec.layers().get(layer) instanceof LayerSpec.Gated gated) {
          executed[layer] = 0;
          for (int unit = 0; unit < gated.units(); unit++) {
            executed[layer] += masks[row][layer][DoubleNetwork.gateOf(gated, unit)];
          }
        }
        double read =
            step.spec.sources(layer).isEmpty()
                ? step.spec.layerInputs(layer)
                : step.spec.sources(layer).stream().mapToDouble(source -> readable[source]).sum();
        for (Chain chain : List.of(Chain.GATE, Chain.LIGHT)) {
          boolean isFirst = true;
          for (var product : step.spec.chain(layer, chain)) {
            boolean readsLayer = isFirst && product.inputs() == step.spec.layerInputs(layer);
            macs += (readsLayer ? read : product.inputs()) * product.units();
            isFirst = false;
          }
        }
        macs += executed[layer] * read;
        boolean hasLight = !step.spec.chain(layer, Chain.LIGHT).isEmpty();
        readable[layer] = hasLight ? step.spec.layers().get(layer).units() : executed[layer];
      }
    }
    double sum = macWeight * macs / rows / step.spec.denseMacs();
    for (UsagePenalty penalty : step.options.gates().penalties()) {
      if (penalty.kind() == UsagePenalty.Kind.HARD_TARGET) {
        for (int layer = 0; layer < 2; layer++) {
          double mean = 0;
          for (double[][] row : masks) {
            for (double mask : row[layer]) {
              mean += mask / row[layer].length / rows;
            }
          }
          sum += ramp * penalty.weight() * Math.pow(mean - penalty.target(), 2);
        }
      }
    }
    return sum;
  }

  /// From the last layer to the first: a mask acts on later gates too, straight through their decisions.
  void takeMaskDerivatives() {
    for (int layer = masks[0].length - 1; layer >= 0; layer--) {
      for (int row = 0; row < rows; row++) {
        for (int gate = 0; gate < masks[row][layer].length; gate++) {
          double mask = masks[row][layer][gate];
          masks[row][layer][gate] = mask + DIFFERENCE;
          double up = value();
          double maskUp = ofMasks();
          masks[row][layer][gate] = mask - DIFFERENCE;
          double slope = (up - value()) / (2 * DIFFERENCE);
          double maskSlope = (maskUp - ofMasks()) / (2 * DIFFERENCE);
          masks[row][layer][gate] = mask;
          boolean learns = step.options.gates().closedBlockGradient() || mask == 1;
          c[row][layer][gate] = maskSlope + (learns ? slope : 0);
        }
      }
    }
  }

  double derivative(double[] values, int index) {
    double value = values[index];
    values[index] = value + DIFFERENCE;
    double up = value();
    values[index] = value - DIFFERENCE;
    double down = value();
    values[index] = value;
    return (up - down) / (2 * DIFFERENCE);
  }

  private double value() {
    ponders = true;
    double sum = task();
    ponders = false;
    double[][][] p = new double[rows][][];
    for (int row = 0; row < rows; row++) {
      network.frozen = frozen == null ? null : frozen[row];
      network.forward(step.input(row), masks[row], factors[row]);
      p[row] = new double[masks[row].length][];
      for (int layer = 0; layer < masks[row].length; layer++) {
        p[row][layer] = new double[masks[row][layer].length];
        for (int gate = 0; gate < p[row][layer].length; gate++) {
          p[row][layer][gate] = DoubleNetwork.soft(step.gated(layer), network.logits[layer][gate]);
          sum += c[row][layer][gate] * p[row][layer][gate];
        }
      }
    }
    return sum + ofSoftGates(p);
  }

  private double ofBlocks(double[][][] p, int layer, UsagePenalty penalty) {
    double sum = 0;
    for (int gate = 0; gate < p[0][layer].length; gate++) {
      double mean = 0;
      for (double[][] row : p) {
        mean += row[layer][gate] / rows;
      }
      boolean squared = penalty.kind() == UsagePenalty.Kind.BLOCK_SHARE_SQUARED;
      sum += Math.pow(Math.abs(mean - penalty.target()), squared ? 2 : 1);
    }
    return sum;
  }

  private double ofRows(double[][][] p, int layer, UsagePenalty penalty) {
    boolean squared = penalty.kind() == UsagePenalty.Kind.ROW_SHARE_SQUARED;
    double sum = 0;
    for (double[][] row : p) {
      double mean = Arrays.stream(row[layer]).average().orElseThrow();
      sum += Math.pow(Math.abs(mean - penalty.target()), squared ? 2 : 1) / rows;
    }
    return sum;
  }

  private double ofSoftGates(double[][][] p) {
    GateOptions gates = step.options.gates();
    double sum = 0;
    for (int layer = 0; layer < p[0].length; layer++) {
      int count = p[0][layer].length;
      double mean = 0;
      for (int gate = 0; gate < count; gate++) {
        double blockMean = 0;
        for (double[][] row : p) {
          blockMean += row[layer][gate] / rows;
        }
        double variance = 0;
        for (double[][] row : p) {
          variance += Math.pow(row[layer][gate] - blockMean, 2) / rows;
        }
        mean += blockMean / count;
        sum += gates.blockFloorWeight() * Math.pow(Math.max(0, gates.blockFloor() - blockMean), 2);
        sum -= gates.varianceWeight() * variance;
      }
      for (UsagePenalty penalty : count == 0 ? List.<UsagePenalty>of() : gates.penalties()) {
        double above = mean - penalty.target();
        sum +=
            penalty.weight()
                * switch (penalty.kind()) {
                  case USAGE -> ramp * mean;
                  case HINGE -> ramp * Math.max(0, above);
                  case TARGET -> ramp * above * above;
                  case HARD_TARGET -> 0;
                  case KEEP_FLOOR -> Math.pow(Math.max(0, -above), 2);
                  case BLOCK_SHARE, BLOCK_SHARE_SQUARED -> ramp * ofBlocks(p, layer, penalty);
                  case ROW_SHARE, ROW_SHARE_SQUARED -> ramp * ofRows(p, layer, penalty);
                };
      }
    }
    return sum;
  }
}
