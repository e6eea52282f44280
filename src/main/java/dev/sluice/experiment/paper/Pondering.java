package dev.sluice.experiment.paper;

import dev.sluice.data.Dataset;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.PanelLayout;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import dev.sluice.model.StageSpec;
import dev.sluice.model.Weights;
import dev.sluice.runtime.Predictor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How long rows think: figures of adaptive computation time (Graves, arXiv 1603.08983), NaN for other networks.
final class Pondering {
  private Pondering() {}

  /// Mean number of the stage that answers, from 1.
  static double stages(Measured net) {
    if (!net.model().spec().isStaged()) {
      return Double.NaN;
    }
    double mean = 0;
    for (int stage = 0; stage < net.score().stageShares().size(); stage++) {
      mean += (stage + 1) * net.score().stageShares().get(stage);
    }
    return mean;
  }

  /// Mean of N + R over test rows.
  static double cost(Measured net) {
    boolean halts = net.model().spec().stages().getFirst().exit() instanceof ExitSpec.Halting;
    return halts ? cost(net.model(), net.test()) : Double.NaN;
  }

  /// The answer is Σ p_t y_t. With heads that say which stage they are, `y_t` the t-th unit vector, it is the vector of `p`, and its last element
  /// that is not 0 is R.
  static double cost(Model model, Dataset rows) {
    int stages = model.spec().stages().size();
    float[] features = new float[rows.features()];
    float[] shares = new float[stages];
    double sum = 0;
    try (Model speaking = speaking(model);
        Predictor predictor = Predictor.of(speaking)) {
      for (int row = 0; row < rows.rows(); row++) {
        rows.copyFeatures(row, MemorySegment.ofArray(features), 0);
        predictor.logits(features, shares);
        sum += predictor.stage() + 1 + shares[predictor.stage()];
      }
    }
    return sum / rows.rows();
  }

  private static Model speaking(Model model) {
    ModelSpec spec = withHeads(model.spec());
    Arena arena = Arena.ofShared();
    List<LayerWeights> layers = new ArrayList<>(model.weights().layers());
    for (int stage = 0; stage < spec.stages().size(); stage++) {
      int head = spec.head(stage);
      Projection silent = Projection.allocate(arena, spec.projection(head));
      silent.bias().set(ValueLayout.JAVA_FLOAT, (long) stage * Float.BYTES, 1);
      layers.set(head, new LayerWeights(silent, layers.get(head).chains()));
    }
    return new Model(spec, new Weights(layers), Map.of(), arena);
  }

  /// As many outputs as there are stages.
  private static ModelSpec withHeads(ModelSpec spec) {
    int outputs = spec.stages().size();
    LayerSpec head =
        new LayerSpec.Dense(outputs, PanelLayout.fittingBlockSize(outputs, 8), Activation.IDENTITY);
    List<StageSpec> stages = new ArrayList<>();
    for (StageSpec stage : spec.stages()) {
      List<LayerSpec> layers = new ArrayList<>(stage.layers());
      layers.set(layers.size() - 1, head);
      stages.add(stage.withLayers(layers));
    }
    return new ModelSpec(spec.inputs(), stages, OutputForm.IDENTITY);
  }
}
