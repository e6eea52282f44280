package dev.sluice.benchmark;

import dev.sluice.kernel.Activation;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import java.util.List;

/// What is multiplied.
///
/// @param model one dense layer without activation, biases zero: the weights as Sluice and ONNX Runtime take them
/// @param weights (units, inputs), row-major: the same for the others
/// @param x (batch, inputs), row-major
record ProductOperands(Model model, int batch, int inputs, int units, float[] weights, float[] x) {
  private static final int BLOCK = 32;

  static ProductOperands random(int batch, int inputs, int units, long seed) {
    RandomValues random = new RandomValues(seed);
    ModelSpec spec =
        ModelSpec.dense(List.of(inputs, units), BLOCK, Activation.RELU, OutputForm.IDENTITY);
    Model model = random.model(spec);
    Projection projection = model.weights().layers().getFirst().projection();
    projection.bias().fill((byte) 0);
    float[] weights = PlainWeights.weights(projection);
    return new ProductOperands(model, batch, inputs, units, weights, random.normal(batch * inputs));
  }

  long macs() {
    return (long) batch * inputs * units;
  }

  /// Refuses a product that is off by more than rounding: sums of n products in any order, fused or not, differ from the exact one by
  /// less than n·2⁻²³ times the sum of the absolute products.
  void requireAgreement(ProductPeer peer) {
    peer.multiply();
    for (int row = 0; row < batch; row += Math.max(1, batch / 8)) {
      for (int unit = 0; unit < units; unit++) {
        double sum = 0;
        double absolute = 0;
        for (int input = 0; input < inputs; input++) {
          double product = (double) x[row * inputs + input] * weights[unit * inputs + input];
          sum += product;
          absolute += Math.abs(product);
        }
        Agreement.requireClose(
            peer.name() + " row=" + row + " unit=" + unit,
            new double[] {sum},
            new float[] {peer.result(row, unit)},
            inputs * 0x1p-23 * absolute);
      }
    }
  }
}
