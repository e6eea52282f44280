package dev.sluice.benchmark;

import dev.sluice.gate.ThresholdRule;
import dev.sluice.kernel.Activation;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import java.util.ArrayList;
import java.util.List;

/// A model as the bytes of an ONNX file. A dense layer is a `Gemm` and a `Relu`, as PyTorch exports `Linear` and `ReLU`; a gated layer is
///
/// ```
/// logits = Gemm(x, gate)          (1, gates)
/// open   = Greater(logits, t)     (1, gates), Split into one truth per block
/// y_b    = If(open_b)  then Relu(Gemm(x, block b))  else zeros
/// y      = Concat(y_0, y_1, …)
/// ```
///
/// which is all that ONNX has for a block that need not run: one row at a time.
final class OnnxGraph {
  static final String INPUT = "features";
  static final String OUTPUT = "answers";

  private final Model model;
  private final OnnxWriter graph = new OnnxWriter("network");

  private OnnxGraph(Model model) {
    this.model = model;
  }

  /// @param model ReLU or no activation, output form identity; gates of one product without minimum, one row at a time
  /// @param batch rows of every call
  static byte[] of(Model model, int batch) {
    if (model.spec().output() != OutputForm.IDENTITY) {
      throw new IllegalArgumentException(
          "output form has no ONNX counterpart here: output=" + model.spec().output().specName());
    }
    if (model.spec().isGated() && batch != 1) {
      throw new IllegalArgumentException(
          "an If node decides for all rows, so a gated network takes one: batch=" + batch);
    }
    return new OnnxGraph(model).bytes(batch);
  }

  private byte[] bytes(int batch) {
    List<LayerSpec> layers = model.spec().layers();
    String input = INPUT;
    for (int layer = 0; layer < layers.size(); layer++) {
      String output = layer == layers.size() - 1 ? OUTPUT : "layer" + layer;
      Projection projection = model.weights().layers().get(layer).projection();
      switch (layers.get(layer)) {
        case LayerSpec.Dense dense -> {
          int units = dense.units();
          addProduct(
              graph, "layer" + layer, projection, 0, units, dense.activation(), input, output);
        }
        case LayerSpec.Gated gated -> addGated(layer, gated, projection, input, output);
      }
      input = output;
    }
    graph.input(INPUT, batch, model.spec().inputs());
    graph.output(OUTPUT, batch, model.spec().outputs());
    return graph.toModel();
  }

  /// Units `from … to-1` of a product.
  private static void addProduct(
      OnnxWriter to,
      String name,
      Projection projection,
      int fromUnit,
      int toUnit,
      Activation activation,
      String input,
      String output) {
    String weight = name + ".weight";
    String bias = name + ".bias";
    int inputs = projection.spec().inputs();
    to.constant(weight, PlainWeights.rows(projection, fromUnit, toUnit), toUnit - fromUnit, inputs);
    to.constant(bias, PlainWeights.bias(projection, fromUnit, toUnit), toUnit - fromUnit);
    switch (activation) {
      case IDENTITY -> to.gemm(input, weight, bias, output);
      case RELU -> {
        String sum = name + ".sum";
        to.gemm(input, weight, bias, sum);
        to.node("Relu", List.of(sum), List.of(output));
      }
      case GELU, TANH ->
          throw new IllegalArgumentException(
              "activation has no ONNX counterpart here: activation=" + activation.specName());
    }
  }

  private void addGated(
      int layer, LayerSpec.Gated gated, Projection projection, String input, String output) {
    List<String> open = addGate(layer, gated, input);
    List<String> blocks = new ArrayList<>();
    for (int block = 0; block < open.size(); block++) {
      int from = block * gated.blockSize();
      int to = Math.min(gated.units(), from + gated.blockSize());
      String name = "layer" + layer + ".block" + block;
      OnnxWriter then = new OnnxWriter(name + ".then");
      addProduct(then, name, projection, from, to, gated.activation(), input, name + ".open");
      then.output(name + ".open", 1, to - from);
      OnnxWriter otherwise = new OnnxWriter(name + ".else");
      otherwise.zeros(name + ".closed", 1, to - from);
      otherwise.output(name + ".closed", 1, to - from);
      graph.choice(open.get(block), then, otherwise, name);
      blocks.add(name);
    }
    graph.concatenation(blocks, output);
  }

  /// Returns the names of one truth per block.
  private List<String> addGate(int layer, LayerSpec.Gated gated, String input) {
    List<Projection> gate = model.weights().layers().get(layer).gate();
    if (gate.size() != 1
        || !(gated.gate().rule() instanceof ThresholdRule rule)
        || rule.minimumOpen() > 0
        || gated.gates() != gated.blocks()) {
      throw new IllegalArgumentException(
          "gate has no ONNX counterpart here: layer=" + layer + ", gate=" + gated.gate());
    }
    String name = "gate" + layer;
    int gates = gated.gates();
    String logits = name + ".logits";
    addProduct(graph, name, gate.getFirst(), 0, gates, Activation.IDENTITY, input, logits);
    graph.constant(name + ".threshold", new float[] {rule.decisionLogit()}, 1);
    String isOpen = name + ".open";
    graph.node("Greater", List.of(logits, name + ".threshold"), List.of(isOpen));
    List<String> truths = new ArrayList<>();
    for (int block = 0; block < gates; block++) {
      truths.add(isOpen + block);
    }
    graph.split(isOpen, truths);
    return truths;
  }
}
