package dev.sluice.benchmark;

import dev.sluice.kernel.Activation;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Panels;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// A dense model as the bytes of an ONNX file: a `Gemm` per layer and a `Relu` between, as PyTorch exports `Linear` and
/// `ReLU`. Field numbers are those of `onnx.proto`.
final class OnnxGraph {
  static final String INPUT = "features";
  static final String OUTPUT = "answers";

  private static final int IR_VERSION = 8;
  private static final int OPSET_VERSION = 17;
  private static final int FLOAT = 1;
  private static final int INTEGER_ATTRIBUTE = 2;

  private OnnxGraph() {}

  /// @param model dense, ReLU or no activation, output form identity
  /// @param batch rows of every call
  static byte[] of(Model model, int batch) {
    ProtobufWriter graph = new ProtobufWriter().text(2, "network");
    List<LayerSpec> layers = model.spec().layers();
    String input = INPUT;
    for (int layer = 0; layer < layers.size(); layer++) {
      boolean isLast = layer == layers.size() - 1;
      String output = isLast ? OUTPUT : "layer" + layer;
      addLayer(graph, layer, model, input, output);
      input = output;
    }
    graph.message(11, tensorInfo(INPUT, batch, model.spec().inputs()));
    graph.message(12, tensorInfo(OUTPUT, batch, model.spec().outputs()));
    if (model.spec().output() != OutputForm.IDENTITY) {
      throw new IllegalArgumentException(
          "output form has no ONNX counterpart here: output=" + model.spec().output().specName());
    }
    ProtobufWriter opset = new ProtobufWriter().text(1, "").number(2, OPSET_VERSION);
    return new ProtobufWriter()
        .number(1, IR_VERSION)
        .message(7, graph)
        .message(8, opset)
        .toByteArray();
  }

  private static void addLayer(
      ProtobufWriter graph, int layer, Model model, String input, String output) {
    LayerSpec spec = model.spec().layers().get(layer);
    if (!(spec instanceof LayerSpec.Dense dense)) {
      throw new IllegalArgumentException("layer is not dense: layer=" + layer);
    }
    String weight = "weight" + layer;
    String bias = "bias" + layer;
    Projection projection = model.weights().layers().get(layer).projection();
    graph.message(5, weights(weight, projection.weights()));
    graph.message(5, bias(bias, projection));
    switch (dense.activation()) {
      case IDENTITY -> graph.message(1, gemm(input, weight, bias, output));
      case RELU -> {
        String sum = "sum" + layer;
        graph.message(1, gemm(input, weight, bias, sum));
        graph.message(1, new ProtobufWriter().text(1, sum).text(2, output).text(4, "Relu"));
      }
      case GELU, TANH -> throw unsupported(dense.activation());
    }
  }

  private static IllegalArgumentException unsupported(Activation activation) {
    return new IllegalArgumentException(
        "activation has no ONNX counterpart here: activation=" + activation.specName());
  }

  private static ProtobufWriter gemm(String input, String weight, String bias, String output) {
    ProtobufWriter transposed =
        new ProtobufWriter().text(1, "transB").number(3, 1).number(20, INTEGER_ATTRIBUTE);
    return new ProtobufWriter()
        .text(1, input)
        .text(1, weight)
        .text(1, bias)
        .text(2, output)
        .text(4, "Gemm")
        .message(5, transposed);
  }

  /// (units, inputs), row-major
  private static ProtobufWriter weights(String name, Panels panels) {
    int units = panels.layout().units();
    int inputs = panels.layout().inputs();
    ByteBuffer values = buffer((long) units * inputs);
    for (int unit = 0; unit < units; unit++) {
      for (int input = 0; input < inputs; input++) {
        values.putFloat(panels.get(unit, input));
      }
    }
    return tensor(name, values, units, inputs);
  }

  private static ProtobufWriter bias(String name, Projection projection) {
    int units = projection.spec().units();
    ByteBuffer values = buffer(units);
    for (int unit = 0; unit < units; unit++) {
      values.putFloat(projection.bias().get(AlignedMemory.FLOAT, (long) unit * Float.BYTES));
    }
    return tensor(name, values, units);
  }

  private static ByteBuffer buffer(long floats) {
    int bytes = Math.toIntExact(Math.multiplyExact(floats, Float.BYTES));
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ProtobufWriter tensor(String name, ByteBuffer values, long... shape) {
    ProtobufWriter tensor = new ProtobufWriter();
    for (long extent : shape) {
      tensor.number(1, extent);
    }
    return tensor.number(2, FLOAT).text(8, name).bytes(9, values.array());
  }

  private static ProtobufWriter tensorInfo(String name, long... shape) {
    ProtobufWriter dimensions = new ProtobufWriter();
    for (long extent : shape) {
      dimensions.message(1, new ProtobufWriter().number(1, extent));
    }
    ProtobufWriter tensorType = new ProtobufWriter().number(1, FLOAT).message(2, dimensions);
    ProtobufWriter type = new ProtobufWriter().message(1, tensorType);
    return new ProtobufWriter().text(1, name).message(2, type);
  }
}
