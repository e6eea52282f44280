package dev.sluice.benchmark;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import dev.sluice.kernel.Activation;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/// PyTorch through DJL on the calling thread alone, by the cheapest calls the API has: the input array lies over a direct buffer, each
/// layer is one `linear` and one `relu`, arrays are closed one by one (a manager per call would cost more than they do), and the answer is
/// read from the tensor's own memory. DJL's `Predictor` does all this and more.
final class DjlPeer implements Peer {
  private final NDManager manager;
  private final FloatBuffer input;
  private final NDArray inputArray;
  private final List<NDArray> weights = new ArrayList<>();
  private final List<NDArray> biases = new ArrayList<>();
  private final boolean[] rectifies;
  private final float[] answers;

  /// @param model dense, ReLU or no activation, output form identity
  DjlPeer(Model model, int batch) {
    manager = engine(1).newBaseManager();
    int inputs = model.spec().inputs();
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(batch * inputs * Float.BYTES).order(ByteOrder.nativeOrder());
    input = bytes.asFloatBuffer();
    inputArray = manager.create(bytes, new Shape(batch, inputs), DataType.FLOAT32);
    rectifies = new boolean[model.spec().layers().size()];
    for (int layer = 0; layer < rectifies.length; layer++) {
      rectifies[layer] = activation(model, layer) == Activation.RELU;
      Projection projection = model.weights().layers().get(layer).projection();
      Shape shape = new Shape(projection.spec().units(), projection.spec().inputs());
      weights.add(manager.create(PlainWeights.weights(projection), shape));
      biases.add(manager.create(PlainWeights.bias(projection)));
    }
    answers = new float[batch * model.spec().outputs()];
  }

  /// PyTorch with the libraries of this jar; DJL would otherwise ask the network.
  static Engine engine(int threads) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    Engine engine = Engine.getEngine("PyTorch");
    System.out.println("# pytorch=" + engine.getVersion() + ", threads=" + threads);
    return engine;
  }

  private static Activation activation(Model model, int layer) {
    LayerSpec spec = model.spec().layers().get(layer);
    boolean isPlain =
        spec.activation() == Activation.RELU || spec.activation() == Activation.IDENTITY;
    if (!(spec instanceof LayerSpec.Dense)
        || !isPlain
        || model.spec().output() != OutputForm.IDENTITY) {
      throw new IllegalArgumentException(
          "network has no DJL counterpart here: layer=" + layer + ", spec=" + spec);
    }
    return spec.activation();
  }

  @Override
  public float[] answer(float[] features) {
    input.put(0, features);
    NDArray x = inputArray;
    for (int layer = 0; layer < rectifies.length; layer++) {
      NDArray y = Linear.linear(x, weights.get(layer), biases.get(layer)).head();
      closeUnlessInput(x);
      x = y;
      if (rectifies[layer]) {
        x = y.getNDArrayInternal().relu();
        y.close();
      }
    }
    x.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer().get(answers);
    closeUnlessInput(x);
    return answers;
  }

  private void closeUnlessInput(NDArray array) {
    if (array != inputArray) {
      array.close();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
