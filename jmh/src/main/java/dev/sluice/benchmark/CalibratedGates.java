package dev.sluice.benchmark;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.PanelLayout;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import dev.sluice.runtime.BatchPredictor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A gated network of random weights that costs a wanted share of the dense network's MACs on given rows.
///
/// Gates are linear with random weights, so that different rows open different blocks; each gate's bias is set to open it on the same
/// share of the rows, and that share is bisected until the relative MACs, gates counted, are the wanted ones.
final class CalibratedGates {
  private static final int LARGEST_BLOCK = 32;

  /// With fewer a layer hardly has a quarter to open.
  private static final int FEWEST_BLOCKS = 4;

  /// A threshold decides alone, as the `If` nodes of ONNX can, too.
  private static final int MINIMUM_OPEN = 0;

  private static final int BISECTIONS = 16;
  private static final double TOLERANCE = 0.005;

  private final Model model;
  private final Requests requests;
  private final int rows;

  private CalibratedGates(Model model, Requests requests) {
    this.model = model;
    this.requests = requests;
    this.rows = requests.get(0).length / model.spec().inputs();
  }

  /// @param widths inputs first
  static Model model(
      List<Integer> widths, double relativeMacs, Requests requests, RandomValues random) {
    Model model = random.model(spec(widths));
    CalibratedGates gates = new CalibratedGates(model, requests);
    double low = 0;
    double high = 1;
    for (int step = 0; step < BISECTIONS; step++) {
      double share = (low + high) / 2;
      if (gates.relativeMacsWith(share) > relativeMacs) {
        high = share;
      } else {
        low = share;
      }
    }
    double reached = gates.relativeMacsWith(high);
    if (Math.abs(reached - relativeMacs) > TOLERANCE) {
      throw new IllegalStateException(
          "gates cannot be calibrated: wanted=" + relativeMacs + ", reached=" + reached);
    }
    return model;
  }

  private static ModelSpec spec(List<Integer> widths) {
    GateSpec gate = new GateSpec(new LinearGate(), Granularity.BLOCK, 1f, 0.5f, MINIMUM_OPEN);
    List<LayerSpec> layers = new ArrayList<>();
    for (int units : widths.subList(1, widths.size() - 1)) {
      layers.add(new LayerSpec.Gated(units, blockSize(units), Activation.RELU, gate));
    }
    int outputs = widths.getLast();
    int outputBlock = PanelLayout.fittingBlockSize(outputs, LARGEST_BLOCK);
    layers.add(new LayerSpec.Dense(outputs, outputBlock, Activation.IDENTITY));
    return ModelSpec.of(widths.getFirst(), layers, OutputForm.IDENTITY);
  }

  private static int blockSize(int units) {
    int blockSize = LARGEST_BLOCK;
    while (blockSize > 8 && units < FEWEST_BLOCKS * blockSize) {
      blockSize /= 2;
    }
    return blockSize;
  }

  private double relativeMacsWith(double openShare) {
    for (int layer = 0; layer < model.spec().layers().size() - 1; layer++) {
      setBiases(layer, openShare);
    }
    long executed = 0;
    try (BatchPredictor predictor = BatchPredictor.of(model, rows)) {
      float[] answers = new float[rows * model.spec().outputs()];
      for (int batch = 0; batch < requests.count(); batch++) {
        predictor.predict(requests.get(batch), rows, answers);
        executed += predictor.structuralMacs().executedMacs();
      }
    }
    return (double) executed / model.spec().denseMacs() / requests.count() / rows;
  }

  /// A gate is open where its logit exceeds 0, so its bias is minus a value that the wanted share of the rows exceeds.
  private void setBiases(int layer, double openShare) {
    Projection gate = model.weights().layers().get(layer).gate().getFirst();
    int gates = gate.spec().units();
    for (int index = 0; index < gates; index++) {
      gate.bias().set(FLOAT, (long) index * Float.BYTES, 0f);
    }
    float[][] logits = logits(layer, gate);
    for (int index = 0; index < gates; index++) {
      gate.bias().set(FLOAT, (long) index * Float.BYTES, -threshold(logits[index], openShare));
    }
  }

  /// Half-way between two rows, or the sums of other runtimes would decide some rows otherwise.
  private static float threshold(float[] logits, double openShare) {
    Arrays.sort(logits);
    int closed = (int) Math.round((1 - openShare) * logits.length);
    int above = Math.clamp(closed, 1, logits.length - 1);
    return (logits[above - 1] + logits[above]) / 2;
  }

  /// (gates, rows): the answers of a network that ends in the gate's product.
  private float[][] logits(int layer, Projection gate) {
    List<LayerSpec> layers = new ArrayList<>(model.spec().layers().subList(0, layer));
    List<LayerWeights> weights = new ArrayList<>(model.weights().layers().subList(0, layer));
    int gates = gate.spec().units();
    layers.add(new LayerSpec.Dense(gates, gate.spec().blockSize(), Activation.IDENTITY));
    weights.add(new LayerWeights(gate, List.of()));
    ModelSpec spec = ModelSpec.of(model.spec().inputs(), layers, OutputForm.IDENTITY);
    Model head = new Model(spec, new Weights(weights), Map.of(), Arena.ofAuto());
    float[][] logits = new float[gates][requests.count() * rows];
    float[] answers = new float[rows * gates];
    try (BatchPredictor predictor = BatchPredictor.of(head, rows)) {
      for (int batch = 0; batch < requests.count(); batch++) {
        predictor.predict(requests.get(batch), rows, answers);
        for (int row = 0; row < rows; row++) {
          for (int index = 0; index < gates; index++) {
            logits[index][batch * rows + row] = answers[row * gates + index];
          }
        }
      }
    }
    return logits;
  }
}
