package dev.sluice.runtime;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.SummationOrder;
import dev.sluice.kernel.scalar.ScalarKernels;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// A network as nested loops over masks: what predictors must answer bit for bit, with every
/// product counted as it is executed. Shares with them only the scalar functions φ, softmax and
/// sigmoid.
final class ReferenceNetwork {
  private static final ElementwiseKernels ELEMENTWISE = new ScalarKernels().elementwise();

  private final Model model;
  final boolean[][] openBlocks;
  final long[] panelMacs;
  final long[] gateMacs;
  final long[] paddingMacs;
  private long products;
  private long paddingProducts;

  ReferenceNetwork(Model model) {
    this.model = model;
    int layers = model.spec().layers().size();
    this.openBlocks = new boolean[layers][];
    this.panelMacs = new long[layers];
    this.gateMacs = new long[layers];
    this.paddingMacs = new long[layers];
  }

  float[] predict(float[] in) {
    float[] logits = logits(in);
    OutputForm form = model.spec().output();
    return switch (form) {
      case IDENTITY -> logits;
      case SOFTMAX -> map(logits, z -> ELEMENTWISE.softmaxInPlace(z, 0, logits.length));
      case SIGMOID -> map(logits, z -> ELEMENTWISE.sigmoid(z, 0, logits.length, z));
    };
  }

  float[] logits(float[] in) {
    float[] x = in;
    boolean[] read = all(in.length);
    for (int layer = 0; layer < openBlocks.length; layer++) {
      LayerSpec spec = model.spec().layers().get(layer);
      boolean[] openUnits = all(spec.units());
      if (spec instanceof LayerSpec.Gated gated) {
        openUnits = openUnits(gated, model.weights().layers().get(layer).gate(), x, read);
        gateMacs[layer] = products;
      }
      long gatePadding = spec instanceof LayerSpec.Gated ? paddingProducts : 0;
      openBlocks[layer] = blocksOf(openUnits, spec.blockSize());
      resetCounts();
      x = product(TestModels.layer(model, layer), x, read, openBlocks[layer]);
      panelMacs[layer] = products;
      paddingMacs[layer] = gatePadding + paddingProducts;
      for (int unit = 0; unit < x.length; unit++) {
        x[unit] = openUnits[unit] ? x[unit] : 0f;
      }
      read = openUnits;
    }
    return x;
  }

  private boolean[] openUnits(
      LayerSpec.Gated layer, List<Projection> gate, float[] x, boolean[] read) {
    resetCounts();
    float[] z = x;
    boolean[] readByProduct = read;
    for (Projection projection : gate) {
      z = product(projection, z, readByProduct, all(projection.spec().layout().blocks()));
      readByProduct = all(z.length);
    }
    boolean[] openGates = decide(layer.gate(), z);
    boolean isPerUnit = layer.gate().granularity() == Granularity.UNIT;
    boolean[] openUnits = new boolean[layer.units()];
    for (int unit = 0; unit < openUnits.length; unit++) {
      openUnits[unit] = openGates[isPerUnit ? unit : unit / layer.blockSize()];
    }
    return openUnits;
  }

  private static boolean[] decide(GateSpec gate, float[] z) {
    ThresholdRule rule = (ThresholdRule) gate.rule();
    boolean[] open = new boolean[z.length];
    int passed = 0;
    for (int index = 0; index < z.length; index++) {
      open[index] = z[index] > rule.decisionLogit();
      passed += open[index] ? 1 : 0;
    }
    if (passed < rule.minimumOpen()) {
      // NaN maps below every logit; the sort is stable, so ties keep the lower index in front.
      Comparator<Integer> byLogit =
          Comparator.comparingDouble(
              index -> Float.isNaN(z[index]) ? Double.NEGATIVE_INFINITY : -(-z[index] + 0.0));
      IntStream.range(0, z.length)
          .boxed()
          .sorted(byLogit.reversed())
          .limit(rule.minimumOpen())
          .forEach(index -> open[index] = true);
    }
    return open;
  }

  private static boolean[] blocksOf(boolean[] openUnits, int blockSize) {
    boolean[] open = new boolean[(openUnits.length + blockSize - 1) / blockSize];
    for (int unit = 0; unit < openUnits.length; unit++) {
      open[unit / blockSize] |= openUnits[unit];
    }
    return open;
  }

  private float[] product(Projection projection, float[] x, boolean[] read, boolean[] blocks) {
    int blockSize = projection.spec().blockSize();
    float[] y = new float[projection.spec().units()];
    for (int unit = 0; unit < blocks.length * blockSize; unit++) {
      if (!blocks[unit / blockSize]) {
        continue;
      }
      if (unit < y.length) {
        y[unit] = withBias(projection, unit, sum(projection, unit, x, read));
      } else {
        paddingProducts += count(read, projection.spec().inputs());
      }
    }
    Activation activation = projection.spec().activation();
    return map(y, z -> ELEMENTWISE.activate(activation, z, 0, y.length, z));
  }

  private float sum(Projection projection, int unit, float[] x, boolean[] read) {
    int inputs = projection.spec().inputs();
    float sum = 0f;
    int input = 0;
    while (input < inputs) {
      int end = SummationOrder.chunkEnd(input, inputs);
      float chunkSum = 0f;
      for (; input < end; input++) {
        if (read[input]) {
          chunkSum = Math.fma(x[input], projection.weights().stored(unit, input), chunkSum);
          products++;
        }
      }
      sum += chunkSum;
    }
    return sum;
  }

  private static float withBias(Projection projection, int unit, float sum) {
    float bias = projection.bias().get(FLOAT, (long) unit * Float.BYTES);
    return projection.precision() == WeightPrecision.INT8
        ? Math.fma(sum, projection.weights().scales().get(FLOAT, 4L * unit), bias)
        : sum + bias;
  }

  private static int count(boolean[] read, int inputs) {
    int count = 0;
    for (int input = 0; input < inputs; input++) {
      count += read[input] ? 1 : 0;
    }
    return count;
  }

  private static float[] map(float[] values, Consumer<MemorySegment> operation) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = AlignedMemory.allocateFloats(arena, values.length);
      MemorySegment.copy(values, 0, segment, FLOAT, 0, values.length);
      operation.accept(segment);
      float[] mapped = new float[values.length];
      MemorySegment.copy(segment, FLOAT, 0, mapped, 0, values.length);
      return mapped;
    }
  }

  private static boolean[] all(int count) {
    boolean[] all = new boolean[count];
    Arrays.fill(all, true);
    return all;
  }

  private void resetCounts() {
    products = 0;
    paddingProducts = 0;
  }
}
