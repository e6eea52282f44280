package dev.sluice.benchmark;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.sluice.model.Model;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/// ONNX Runtime on the calling thread alone. The input tensor is made once over a direct buffer; per call features are copied in and
/// answers out, as Sluice does too.
final class OnnxRuntimePeer implements Peer {
  private final OrtSession session;
  private final FloatBuffer input;
  private final FloatBuffer output;
  private final OnnxTensor inputTensor;
  private final OnnxTensor outputTensor;
  private final Map<String, OnnxTensor> inputs;
  private final Map<String, OnnxTensor> outputs;
  private final boolean fetches;
  private final float[] answers;

  /// The cheapest calls the Java API has: the output tensor, too, is made once over a direct buffer and written in place.
  ///
  /// @param model see [OnnxGraph]
  static OnnxRuntimePeer inPlace(Model model, int batch) {
    return new OnnxRuntimePeer(model, batch, false);
  }

  /// Every call makes an output tensor, which is copied and closed.
  static Peer fetched(Model model, int batch) {
    return new OnnxRuntimePeer(model, batch, true);
  }

  private OnnxRuntimePeer(Model model, int batch, boolean fetches) {
    int inputCount = model.spec().inputs();
    int outputCount = model.spec().outputs();
    this.input = directBuffer(batch * inputCount);
    this.output = directBuffer(batch * outputCount);
    this.fetches = fetches;
    this.answers = new float[batch * outputCount];
    try {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      try (SessionOptions options = singleThreaded()) {
        this.session = environment.createSession(OnnxGraph.of(model, batch), options);
      }
      this.inputTensor =
          OnnxTensor.createTensor(environment, input, new long[] {batch, inputCount});
      this.outputTensor =
          OnnxTensor.createTensor(environment, output, new long[] {batch, outputCount});
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot open the network", e);
    }
    this.inputs = Map.of(OnnxGraph.INPUT, inputTensor);
    this.outputs = Map.of(OnnxGraph.OUTPUT, outputTensor);
  }

  private static SessionOptions singleThreaded() throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
    options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
    return options;
  }

  private static FloatBuffer directBuffer(int floats) {
    return ByteBuffer.allocateDirect(floats * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  @Override
  public float[] answer(float[] features) {
    input.put(0, features);
    if (fetches) {
      runAndFetch();
    } else {
      run();
      output.get(0, answers);
    }
    return answers;
  }

  /// Answers the features of the last call again and leaves the answers where they are.
  void run() {
    try {
      session.run(inputs, outputs).close();
    } catch (OrtException e) {
      throw cannotAnswer(e);
    }
  }

  /// One of the answers that [#run] left.
  float answered(int index) {
    return output.get(index);
  }

  private void runAndFetch() {
    try (OrtSession.Result result = session.run(inputs)) {
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(answers);
    } catch (OrtException e) {
      throw cannotAnswer(e);
    }
  }

  private static IllegalStateException cannotAnswer(OrtException e) {
    return new IllegalStateException("ONNX Runtime cannot answer", e);
  }

  @Override
  public void close() {
    inputTensor.close();
    outputTensor.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot close the session", e);
    }
  }
}
