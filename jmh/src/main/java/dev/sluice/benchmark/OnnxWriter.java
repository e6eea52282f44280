package dev.sluice.benchmark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// One graph of an ONNX file, nodes in the order they are added. Field numbers are those of `onnx.proto`.
final class OnnxWriter {
  private static final int IR_VERSION = 8;
  private static final int OPSET_VERSION = 17;
  private static final int FLOAT = 1;
  private static final int INTEGER_ATTRIBUTE = 2;
  private static final int TENSOR_ATTRIBUTE = 4;
  private static final int GRAPH_ATTRIBUTE = 5;

  private final ProtobufWriter graph = new ProtobufWriter();

  OnnxWriter(String name) {
    graph.text(2, name);
  }

  void input(String name, long... shape) {
    graph.message(11, tensorInfo(name, shape));
  }

  void output(String name, long... shape) {
    graph.message(12, tensorInfo(name, shape));
  }

  /// A tensor known before any run.
  void constant(String name, float[] values, long... shape) {
    graph.message(5, tensor(name, values, shape));
  }

  void node(String operation, List<String> inputs, List<String> outputs) {
    graph.message(1, nodeOf(operation, inputs, outputs));
  }

  /// `output = input · weightᵀ + bias`
  void gemm(String input, String weight, String bias, String output) {
    ProtobufWriter gemm = nodeOf("Gemm", List.of(input, weight, bias), List.of(output));
    graph.message(1, gemm.message(5, integer("transB", 1)));
  }

  /// Cuts columns apart, one for each of `outputs`.
  void split(String input, List<String> outputs) {
    graph.message(1, nodeOf("Split", List.of(input), outputs).message(5, integer("axis", 1)));
  }

  /// Puts columns side by side.
  void concatenation(List<String> inputs, String output) {
    ProtobufWriter concat = nodeOf("Concat", inputs, List.of(output));
    graph.message(1, concat.message(5, integer("axis", 1)));
  }

  void zeros(String output, int... shape) {
    long[] extents = new long[shape.length];
    int count = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      extents[axis] = shape[axis];
      count *= shape[axis];
    }
    ProtobufWriter value =
        new ProtobufWriter()
            .text(1, "value")
            .message(5, tensor(output + ".value", new float[count], extents))
            .number(20, TENSOR_ATTRIBUTE);
    graph.message(1, nodeOf("Constant", List.of(), List.of(output)).message(5, value));
  }

  /// The output of `then` where `condition` holds, else that of `otherwise`; both see this graph's tensors.
  void choice(String condition, OnnxWriter then, OnnxWriter otherwise, String output) {
    graph.message(
        1,
        nodeOf("If", List.of(condition), List.of(output))
            .message(5, branch("then_branch", then))
            .message(5, branch("else_branch", otherwise)));
  }

  /// The bytes of a file whose graph this is.
  byte[] toModel() {
    ProtobufWriter opset = new ProtobufWriter().text(1, "").number(2, OPSET_VERSION);
    return new ProtobufWriter()
        .number(1, IR_VERSION)
        .message(7, graph)
        .message(8, opset)
        .toByteArray();
  }

  private static ProtobufWriter nodeOf(
      String operation, List<String> inputs, List<String> outputs) {
    ProtobufWriter node = new ProtobufWriter();
    inputs.forEach(input -> node.text(1, input));
    outputs.forEach(output -> node.text(2, output));
    return node.text(4, operation);
  }

  private static ProtobufWriter integer(String name, long value) {
    return new ProtobufWriter().text(1, name).number(3, value).number(20, INTEGER_ATTRIBUTE);
  }

  private static ProtobufWriter branch(String name, OnnxWriter branch) {
    return new ProtobufWriter().text(1, name).message(6, branch.graph).number(20, GRAPH_ATTRIBUTE);
  }

  private static ProtobufWriter tensor(String name, float[] values, long... shape) {
    int bytes = Math.multiplyExact(values.length, Float.BYTES);
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    ProtobufWriter tensor = new ProtobufWriter();
    for (long extent : shape) {
      tensor.number(1, extent);
    }
    return tensor.number(2, FLOAT).text(8, name).bytes(9, buffer.array());
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
