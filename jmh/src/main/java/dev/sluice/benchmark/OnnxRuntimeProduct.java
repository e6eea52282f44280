package dev.sluice.benchmark;

/// ONNX Runtime with a graph of one `Gemm` node, without the copies of features and answers.
final class OnnxRuntimeProduct implements ProductPeer {
  private final ProductOperands operands;
  private final OnnxRuntimePeer peer;

  OnnxRuntimeProduct(ProductOperands operands) {
    this.operands = operands;
    peer = OnnxRuntimePeer.inPlace(operands.model(), operands.batch());
    peer.answer(operands.x());
  }

  @Override
  public void multiply() {
    peer.run();
  }

  @Override
  public float result(int row, int unit) {
    return peer.answered(row * operands.units() + unit);
  }

  @Override
  public String name() {
    return "onnxruntime Gemm";
  }

  @Override
  public void close() {
    peer.close();
  }
}
