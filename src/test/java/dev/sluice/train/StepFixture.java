package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;

/// A training stopped in the middle of its first step: gradients are there, nothing is updated yet.
final class StepFixture implements AutoCloseable {
  final ModelSpec spec;
  final TrainingOptions options;
  final Dataset data;
  final TrainingState state;
  final int rows;
  private final Arena arena = Arena.ofShared();
  private final WorkTeam team = new WorkTeam();

  StepFixture(ModelSpec spec, TrainingOptions options, Dataset data) {
    this(spec, options, data, KernelProvider.kernels());
  }

  StepFixture(ModelSpec spec, TrainingOptions options, Dataset data, Kernels kernels) {
    this.spec = spec;
    this.options = options;
    this.data = data;
    this.rows = Math.min(options.batchSize(), data.rows());
    this.state = new TrainingState(arena, kernels, spec, options, data, null, team);
    spreadGates();
  }

  /// Gates start equal, or nearly; here some shall be open and some closed. Likewise all rows would halt alike.
  private void spreadGates() {
    Random random = new Random(5);
    for (var layer : state.weights.layers()) {
      for (var halt : layer.chain(Chain.HALT)) {
        for (int input = 0; input < halt.spec().inputs(); input++) {
          halt.weights().set(0, input, 0.5f * (float) random.nextGaussian());
        }
      }
      if (!layer.gate().isEmpty()) {
        var last = layer.gate().getLast();
        for (int gate = 0; gate < last.spec().units(); gate++) {
          float bias = last.bias().get(AlignedMemory.FLOAT, (long) gate * Float.BYTES);
          float spread = bias + (float) random.nextGaussian();
          last.bias().set(AlignedMemory.FLOAT, (long) gate * Float.BYTES, spread);
        }
      }
    }
  }

  /// Loads the first rows and runs them forward.
  void forward(boolean training, long step) {
    state.network.batch().set(rows, training, step);
    team.run(state.loader.load(data, 0));
    state.network.forward();
  }

  /// Mean training loss.
  double loss() {
    team.run(Work.together(List.of(state.loss.training(), state.network.transposes())));
    return state.loss.lossSum() / rows;
  }

  void backward(double ramp, double macWeight) {
    state.network.backward(ramp, macWeight, state.loss.losses());
  }

  double[] input(int row) {
    double[] x = new double[spec.inputs()];
    for (int feature = 0; feature < x.length; feature++) {
      x[feature] = state.network.input().get(row, feature);
    }
    return x;
  }

  /// Decisions of a row, `[layer][gate]`, empty for dense layers.
  double[][] masks(int row) {
    double[][] masks = new double[spec.layers().size()][];
    for (int layer = 0; layer < masks.length; layer++) {
      GateDecisions decisions = state.network.decisions().get(layer);
      masks[layer] = new double[decisions == null ? 0 : decisions.gates()];
      for (int gate = 0; gate < masks[layer].length; gate++) {
        masks[layer][gate] = decisions.isOpen(row, gate) ? 1 : 0;
      }
    }
    return masks;
  }

  LayerSpec.Gated gated(int layer) {
    return (LayerSpec.Gated) spec.layers().get(layer);
  }

  @Override
  public void close() {
    team.close();
    arena.close();
  }
}
