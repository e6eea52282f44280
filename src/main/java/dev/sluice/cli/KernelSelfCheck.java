package dev.sluice.cli;

import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import dev.sluice.runtime.BatchPredictor;
import dev.sluice.runtime.FeatureCheck;
import dev.sluice.runtime.Predictor;
import dev.sluice.runtime.ZeroSkipping;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Runs one small gated network on every implementation and in every precision of weights: all must give the bits of the first
/// implementation, row by row and as a batch. One product is long enough to be cut into chunks.
final class KernelSelfCheck {
  private static final int ROWS = 15;
  private static final long SEED = 1;

  /// Several blocks, a last one that is not full, and widths no vector divides.
  private static final List<Integer> WIDTHS = List.of(2051, 207, 75, 10);

  private KernelSelfCheck() {}

  /// What differs, one line each; empty if nothing does.
  static List<String> differences(List<Kernels> implementations) {
    List<String> differences = new ArrayList<>();
    try (Model exact = model()) {
      for (WeightPrecision precision : WeightPrecision.values()) {
        try (Model model = exact.withPrecision(precision)) {
          addDifferences(model, implementations, differences);
        }
      }
    }
    return differences;
  }

  private static void addDifferences(
      Model model, List<Kernels> implementations, List<String> differences) {
    float[] features = features(model.spec());
    float[] expected = rowByRow(model, implementations.getFirst(), features);
    String truth = implementations.getFirst().name();
    String weights = " of " + model.precision().specName();
    for (Kernels kernels : implementations) {
      compare(truth, kernels, "rows" + weights, expected, rowByRow(model, kernels, features))
          .ifPresent(differences::add);
      compare(truth, kernels, "batch" + weights, expected, asBatch(model, kernels, features))
          .ifPresent(differences::add);
    }
  }

  private static Optional<String> compare(
      String truth, Kernels kernels, String way, float[] expected, float[] actual) {
    int index = Arrays.mismatch(bits(expected), bits(actual));
    if (index < 0) {
      return Optional.empty();
    }
    return Optional.of(
        "kernels differ: expected="
            + truth
            + ", actual="
            + kernels.name()
            + ", way="
            + way
            + ", index="
            + index
            + ", values="
            + expected[index]
            + " and "
            + actual[index]);
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int index = 0; index < bits.length; index++) {
      bits[index] = Float.floatToRawIntBits(values[index]);
    }
    return bits;
  }

  private static Model model() {
    GateSpec gate = GateSpec.of(new LinearGate(), Granularity.BLOCK);
    ModelSpec spec = ModelSpec.gated(WIDTHS, 32, Activation.GELU, OutputForm.SOFTMAX, gate);
    Arena arena = Arena.ofShared();
    Weights weights = Weights.allocate(arena, spec);
    Random random = new Random(SEED);
    for (LayerWeights layer : weights.layers()) {
      randomize(layer.projection(), random);
      layer.gate().forEach(projection -> randomize(projection, random));
    }
    return new Model(spec, weights, Map.of(), arena);
  }

  /// True units and inputs alone: padding is zero in every model.
  private static void randomize(Projection projection, Random random) {
    ProjectionSpec spec = projection.spec();
    for (int unit = 0; unit < spec.units(); unit++) {
      for (int input = 0; input < spec.inputs(); input++) {
        projection.weights().set(unit, input, (float) (0.1 * random.nextGaussian()));
      }
      projection
          .bias()
          .set(AlignedMemory.FLOAT, (long) unit * Float.BYTES, (float) random.nextGaussian());
    }
  }

  private static float[] features(ModelSpec spec) {
    float[] features = new float[ROWS * spec.inputs()];
    Random random = new Random(SEED + 1);
    for (int index = 0; index < features.length; index++) {
      features[index] = (float) random.nextGaussian();
    }
    return features;
  }

  private static float[] rowByRow(Model model, Kernels kernels, float[] features) {
    int inputs = model.spec().inputs();
    int outputs = model.spec().outputs();
    float[] answers = new float[ROWS * outputs];
    float[] answer = new float[outputs];
    try (Predictor predictor =
        Predictor.of(model, FeatureCheck.NONE, kernels, ZeroSkipping.ALWAYS)) {
      for (int row = 0; row < ROWS; row++) {
        predictor.predict(Arrays.copyOfRange(features, row * inputs, (row + 1) * inputs), answer);
        System.arraycopy(answer, 0, answers, row * outputs, outputs);
      }
    }
    return answers;
  }

  private static float[] asBatch(Model model, Kernels kernels, float[] features) {
    float[] answers = new float[ROWS * model.spec().outputs()];
    try (BatchPredictor predictor = BatchPredictor.of(model, ROWS, FeatureCheck.NONE, kernels)) {
      predictor.predict(features, ROWS, answers);
    }
    return answers;
  }
}
