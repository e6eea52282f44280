package dev.sluice.runtime;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.gate.GateSelector;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.SummationOrder;
import dev.sluice.kernel.scalar.ScalarKernels;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.Chain;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
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
  private final ModelSpec spec;
  final boolean[][] openBlocks;

  /// Per layer, what was read and which of it was open.
  final float[][] inputs;

  final boolean[][] openInputs;
  final long[] panelMacs;
  final long[] gateMacs;
  final long[] lightMacs;
  final long[] exitMacs;
  final long[] paddingMacs;
  private final float[][] outputs;
  private final boolean[][] readable;
  private float[] headInput = {};
  private boolean[] headRead = {};
  private float[] weights = {};
  private float[] narrow = {};
  private long lightPadding;
  int stage;
  private long products;
  private long paddingProducts;

  ReferenceNetwork(Model model) {
    this.model = model;
    this.spec = model.spec();
    int layers = spec.layers().size();
    this.openBlocks = new boolean[layers][];
    for (int layer = 0; layer < layers; layer++) {
      openBlocks[layer] = new boolean[spec.layers().get(layer).blocks()];
    }
    this.inputs = new float[layers][];
    this.openInputs = new boolean[layers][];
    this.panelMacs = new long[layers];
    this.gateMacs = new long[layers];
    this.lightMacs = new long[layers];
    this.exitMacs = new long[layers];
    this.paddingMacs = new long[layers];
    this.outputs = new float[layers][];
    this.readable = new boolean[layers][];
  }

  float[] predict(float[] in) {
    return probabilities(logits(in));
  }

  private float[] probabilities(float[] logits) {
    return switch (spec.output()) {
      case IDENTITY -> logits;
      case SOFTMAX -> map(logits, z -> ELEMENTWISE.softmaxInPlace(z, 0, logits.length));
      case SIGMOID -> map(logits, z -> ELEMENTWISE.sigmoid(z, 0, logits.length, z));
    };
  }

  /// Of the stage that answers, or blended of all that ran.
  float[] logits(float[] in) {
    float[] blended = new float[spec.outputs()];
    float sum = 0;
    for (stage = 0; ; stage++) {
      for (int layer = spec.firstLayer(stage); layer <= spec.head(stage); layer++) {
        runLayer(layer, in);
      }
      float[] y = outputs[spec.head(stage)];
      boolean isLast = stage == spec.stages().size() - 1;
      switch (spec.stages().get(stage).exit()) {
        case null -> {
          return y;
        }
        case ExitSpec.Confidence exit -> {
          if (confidence(exit.measure(), probabilities(y.clone())) >= exit.threshold()) {
            return y;
          }
        }
        case ExitSpec.Halting exit -> {
          float share = isLast ? 0 : haltingShare();
          boolean stops = isLast || sum + share >= 1 - exit.epsilon();
          float weight = stops ? 1 - sum : share;
          for (int index = 0; index < y.length; index++) {
            float before = blended[index];
            blended[index] = stage == 0 ? weight * y[index] : Math.fma(weight, y[index], before);
          }
          sum += share;
          if (stops) {
            return blended;
          }
        }
      }
    }
  }

  private float haltingShare() {
    int head = spec.head(stage);
    Projection unit = model.weights().layers().get(head).chain(Chain.HALT).getFirst();
    resetCounts();
    float[] logit = product(unit, headInput, headRead, all(unit.spec().layout().blocks()));
    exitMacs[head] = products;
    paddingMacs[head] += paddingProducts;
    return map(logit, z -> ELEMENTWISE.sigmoid(z, 0, 1, z))[0];
  }

  /// In double and by sorting.
  private double confidence(ExitSpec.Measure measure, float[] probabilities) {
    if (spec.output() == OutputForm.SOFTMAX) {
      return confidenceOfClasses(measure, probabilities);
    }
    double least = 1;
    for (float probability : probabilities) {
      float[] pair = {probability, 1 - probability};
      least = Math.min(least, confidenceOfClasses(measure, pair));
    }
    return least;
  }

  private static double confidenceOfClasses(ExitSpec.Measure measure, float[] probabilities) {
    double[] sorted = new double[Math.max(2, probabilities.length)];
    double entropy = 0;
    for (int index = 0; index < probabilities.length; index++) {
      sorted[index] = probabilities[index];
      entropy -= sorted[index] == 0 ? 0 : sorted[index] * Math.log(sorted[index]);
    }
    Arrays.sort(sorted);
    double largest = sorted[sorted.length - 1];
    return switch (measure) {
      case MAX_PROBABILITY -> largest;
      case MARGIN -> largest - sorted[sorted.length - 2];
      case ENTROPY -> probabilities.length == 1 ? 1 : 1 - entropy / Math.log(probabilities.length);
    };
  }

  private void runLayer(int layer, float[] in) {
    float[] x = input(layer, in);
    boolean[] read = all(x.length);
    int from = 0;
    for (int source : spec.sources(layer)) {
      System.arraycopy(readable[source], 0, read, from, readable[source].length);
      from += readable[source].length;
    }
    headInput = x;
    headRead = read;
    inputs[layer] = x;
    openInputs[layer] = read;
    LayerSpec own = spec.layers().get(layer);
    boolean[] openUnits = all(own.units());
    if (own instanceof LayerSpec.Gated gated) {
      if (gated.lightRank() > 0) {
        resetCounts();
        Projection first = model.weights().layers().get(layer).chain(Chain.LIGHT).getFirst();
        narrow = product(first, x, read, all(first.spec().layout().blocks()));
        lightMacs[layer] = products;
        lightPadding = paddingProducts;
      }
      resetCounts();
      openUnits = openUnits(gated, model.weights().layers().get(layer).gate(), x, read);
      gateMacs[layer] = products;
      paddingMacs[layer] = paddingProducts;
    }
    openBlocks[layer] = blocksOf(openUnits, own.blockSize());
    resetCounts();
    Projection projection = TestModels.layer(model, layer);
    float[] full = products(projection, x, read, openBlocks[layer]);
    panelMacs[layer] = products;
    paddingMacs[layer] += paddingProducts;
    if (own instanceof LayerSpec.Gated gated && gated.lightRank() > 0) {
      outputs[layer] = activated(own, mixed(layer, gated, openUnits, full));
      readable[layer] = all(own.units());
    } else {
      outputs[layer] = admitted(own, openUnits, activated(own, full));
      readable[layer] = openUnits;
    }
  }

  private float[] input(int layer, float[] in) {
    List<Integer> sources = spec.sources(layer);
    float[] x = new float[spec.layerInputs(layer)];
    if (sources.isEmpty()) {
      int[] indices = spec.stages().get(spec.stageOf(layer)).features().indices(in.length);
      for (int position = 0; position < x.length; position++) {
        x[position] = in[indices[position]];
      }
      return x;
    }
    int from = 0;
    for (int source : sources) {
      System.arraycopy(outputs[source], 0, x, from, outputs[source].length);
      from += outputs[source].length;
    }
    return x;
  }

  private float[] mixed(int layer, LayerSpec.Gated gated, boolean[] openUnits, float[] full) {
    resetCounts();
    List<Projection> path = model.weights().layers().get(layer).chain(Chain.LIGHT);
    float[] light = product(path.get(1), narrow, all(narrow.length), all(gated.blocks()));
    lightMacs[layer] += products;
    paddingMacs[layer] += lightPadding + paddingProducts;
    float[] y = new float[light.length];
    for (int unit = 0; unit < y.length; unit++) {
      float share = gated.gate().scalesOutput() ? weights[unit] : 1;
      float open = Math.fma(share, full[unit] - light[unit], light[unit]);
      y[unit] = openUnits[unit] ? open : light[unit];
    }
    return y;
  }

  private float[] admitted(LayerSpec layer, boolean[] openUnits, float[] y) {
    boolean scales = layer instanceof LayerSpec.Gated gated && gated.gate().scalesOutput();
    for (int unit = 0; unit < y.length; unit++) {
      y[unit] = openUnits[unit] ? (scales ? y[unit] * weights[unit] : y[unit]) : 0f;
    }
    return y;
  }

  private static float[] activated(LayerSpec layer, float[] z) {
    return map(z, y -> ELEMENTWISE.activate(layer.activation(), y, 0, z.length, y));
  }

  /// Leaves the weight of each unit's gate behind.
  private boolean[] openUnits(
      LayerSpec.Gated layer, List<Projection> gate, float[] x, boolean[] read) {
    float[] z = x;
    boolean[] readByProduct = read;
    if (layer.gate().form().readsLight()) {
      z = narrow;
      readByProduct = all(z.length);
    }
    for (Projection projection : gate) {
      z = product(projection, z, readByProduct, all(projection.spec().layout().blocks()));
      readByProduct = all(z.length);
    }
    if (!(layer.gate().rule() instanceof ThresholdRule)) {
      return openUnitsByRule(layer, z);
    }
    boolean[] openGates = decide(layer.gate(), z);
    boolean isPerUnit = layer.gate().granularity() == Granularity.UNIT;
    int unitsPerGate = isPerUnit ? 1 : layer.blockSize() * layer.gate().blocksPerGate();
    boolean[] openUnits = new boolean[layer.units()];
    weights = new float[layer.units()];
    float inverse = 1 / ((ThresholdRule) layer.gate().rule()).temperature();
    for (int unit = 0; unit < openUnits.length; unit++) {
      openUnits[unit] = openGates[unit / unitsPerGate];
      weights[unit] = z[unit / unitsPerGate] * inverse;
    }
    weights = map(weights, p -> ELEMENTWISE.sigmoid(p, 0, layer.units(), p));
    return openUnits;
  }

  /// Rules other than the threshold have oracles of their own in their package's tests.
  private boolean[] openUnitsByRule(LayerSpec.Gated layer, float[] z) {
    boolean isPerUnit = layer.gate().granularity() == Granularity.UNIT;
    int unitsPerGate = isPerUnit ? 1 : layer.blockSize() * layer.gate().blocksPerGate();
    GateSelector selector = layer.gate().rule().selector(layer.gates());
    ActiveSet open = new ActiveSet(layer.gates());
    boolean[] openUnits = new boolean[layer.units()];
    weights = new float[layer.units()];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment logits = AlignedMemory.allocateFloats(arena, z.length);
      MemorySegment.copy(z, 0, logits, FLOAT, 0, z.length);
      selector.select(logits, 0, open);
      for (int position = 0; position < open.count(); position++) {
        int from = open.index(position) * unitsPerGate;
        int to = Math.min(from + unitsPerGate, openUnits.length);
        Arrays.fill(openUnits, from, to, true);
        Arrays.fill(weights, from, to, selector.weight(open.index(position)));
      }
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
    float[] y = products(projection, x, read, blocks);
    Activation activation = projection.spec().activation();
    return map(y, z -> ELEMENTWISE.activate(activation, z, 0, y.length, z));
  }

  /// Without activation.
  private float[] products(Projection projection, float[] x, boolean[] read, boolean[] blocks) {
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
    return y;
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
