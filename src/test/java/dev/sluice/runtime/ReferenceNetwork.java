package dev.sluice.runtime;

import dev.sluice.model.Chain;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Projection;
import java.util.List;

/// A network as nested loops over masks: what predictors must answer bit for bit, with every
/// product counted as it is executed. Shares with them only the scalar functions φ, softmax and
/// sigmoid.
final class ReferenceNetwork {
  private final Model model;
  private final ModelSpec spec;
  private final ReferenceProducts products = new ReferenceProducts();
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
      case SOFTMAX ->
          ReferenceProducts.map(
              logits, z -> ReferenceProducts.ELEMENTWISE.softmaxInPlace(z, 0, logits.length));
      case SIGMOID ->
          ReferenceProducts.map(
              logits, z -> ReferenceProducts.ELEMENTWISE.sigmoid(z, 0, logits.length, z));
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
          if (ReferenceConfidence.of(exit.measure(), probabilities(y.clone()), spec.output())
              >= exit.threshold()) {
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
    products.reset();
    float[] logit =
        products.activated(
            unit, headInput, headRead, ReferenceProducts.all(unit.spec().layout().blocks()));
    exitMacs[head] = products.count();
    paddingMacs[head] += products.padding();
    return ReferenceProducts.map(logit, z -> ReferenceProducts.ELEMENTWISE.sigmoid(z, 0, 1, z))[0];
  }

  private void runLayer(int layer, float[] in) {
    float[] x = input(layer, in);
    boolean[] read = ReferenceProducts.all(x.length);
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
    boolean[] openUnits = ReferenceProducts.all(own.units());
    if (own instanceof LayerSpec.Gated gated) {
      if (gated.lightRank() > 0) {
        products.reset();
        Projection first = model.weights().layers().get(layer).chain(Chain.LIGHT).getFirst();
        narrow =
            products.activated(
                first, x, read, ReferenceProducts.all(first.spec().layout().blocks()));
        lightMacs[layer] = products.count();
        lightPadding = products.padding();
      }
      products.reset();
      float[] logits = gateLogits(gated, model.weights().layers().get(layer).gate(), x, read);
      ReferenceGate.Decision decision = ReferenceGate.decide(gated, logits);
      openUnits = decision.openUnits();
      weights = decision.weights();
      gateMacs[layer] = products.count();
      paddingMacs[layer] = products.padding();
    }
    openBlocks[layer] = blocksOf(openUnits, own.blockSize());
    products.reset();
    Projection projection = TestModels.layer(model, layer);
    float[] full = products.plain(projection, x, read, openBlocks[layer]);
    panelMacs[layer] = products.count();
    paddingMacs[layer] += products.padding();
    if (own instanceof LayerSpec.Gated gated && gated.lightRank() > 0) {
      outputs[layer] = activated(own, mixed(layer, gated, openUnits, full));
      readable[layer] = ReferenceProducts.all(own.units());
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
    products.reset();
    List<Projection> path = model.weights().layers().get(layer).chain(Chain.LIGHT);
    float[] light =
        products.activated(
            path.get(1),
            narrow,
            ReferenceProducts.all(narrow.length),
            ReferenceProducts.all(gated.blocks()));
    lightMacs[layer] += products.count();
    paddingMacs[layer] += lightPadding + products.padding();
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
    return ReferenceProducts.map(
        z, y -> ReferenceProducts.ELEMENTWISE.activate(layer.activation(), y, 0, z.length, y));
  }

  private float[] gateLogits(
      LayerSpec.Gated layer, List<Projection> gate, float[] x, boolean[] read) {
    float[] z = x;
    boolean[] readByProduct = read;
    if (layer.gate().form().readsLight()) {
      z = narrow;
      readByProduct = ReferenceProducts.all(z.length);
    }
    for (Projection projection : gate) {
      z =
          products.activated(
              projection,
              z,
              readByProduct,
              ReferenceProducts.all(projection.spec().layout().blocks()));
      readByProduct = ReferenceProducts.all(z.length);
    }
    return z;
  }

  private static boolean[] blocksOf(boolean[] openUnits, int blockSize) {
    boolean[] open = new boolean[(openUnits.length + blockSize - 1) / blockSize];
    for (int unit = 0; unit < openUnits.length; unit++) {
      open[unit / blockSize] |= openUnits[unit];
    }
    return open;
  }
}
