package dev.sluice.train;

import dev.sluice.kernel.Activation;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.Chain;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lays out the buffers of a batch and ties passes to them.
final class NetworkBinding {
  private final Arena arena;
  private final Kernels kernels;
  private final ModelSpec spec;
  private final Weights weights;
  private final @Nullable Weights gradients;
  private final TrainingOptions options;
  private final Batch batch;
  private final List<@Nullable GateDecisions> decisions = new ArrayList<>();
  private final MacCosts costs;

  private NetworkBinding(
      Arena arena,
      Kernels kernels,
      ModelSpec spec,
      Weights weights,
      @Nullable Weights gradients,
      TrainingOptions options) {
    requireF32(weights);
    this.arena = arena;
    this.kernels = kernels;
    this.spec = spec;
    this.weights = weights;
    this.gradients = gradients;
    this.options = options;
    this.batch = new Batch(options.batchSize());
    for (LayerSpec layer : spec.layers()) {
      decisions.add(
          layer instanceof LayerSpec.Gated gated
              ? new GateDecisions(gated, batch.capacity())
              : null);
    }
    this.costs = new MacCosts(spec, decisions);
  }

  /// Kernels of the way back and optimisers know f32 alone.
  static void requireF32(Weights weights) {
    if (weights.precision() != WeightPrecision.F32) {
      throw new IllegalArgumentException(
          "training takes f32 weights only: precision="
              + weights.precision().specName()
              + "; convert the model to f32 first");
    }
  }

  /// For training, batches of `options.batchSize()` rows.
  ///
  /// @param gradients of the same blueprint, written by the way back
  static Network forTraining(
      Arena arena,
      Kernels kernels,
      ModelSpec spec,
      Weights weights,
      Weights gradients,
      TrainingOptions options,
      WorkTeam team) {
    return new NetworkBinding(arena, kernels, spec, weights, gradients, options).bind(team);
  }

  /// For answers only; of `options` it takes the batch size.
  static Network forAnswers(
      Arena arena,
      Kernels kernels,
      ModelSpec spec,
      Weights weights,
      TrainingOptions options,
      WorkTeam team) {
    return new NetworkBinding(arena, kernels, spec, weights, null, options).bind(team);
  }

  private Network bind(WorkTeam team) {
    Matrix input = Buffers.allocate(arena, batch.capacity(), spec.inputs());
    InputBinding reads =
        new InputBinding(
            arena,
            kernels.elementwise(),
            spec,
            batch,
            input,
            gradients != null,
            options.stages().sharedGradient());
    List<LayerPass> layers = new ArrayList<>();
    List<LayerInput> inputs = new ArrayList<>();
    List<LayerPass> haltingUnits = new ArrayList<>();
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      LayerInput read = reads.of(layer, layers);
      inputs.add(read);
      layers.add(layer(layer, read));
      if (!spec.chain(layer, Chain.HALT).isEmpty()) {
        haltingUnits.add(haltingUnit(layer, read));
      }
    }
    StageAnswers answers = answers(layers, haltingUnits);
    return new Network(team, batch, input, layers, inputs, answers, costs);
  }

  private StageAnswers answers(List<LayerPass> layers, List<LayerPass> haltingUnits) {
    List<LayerPass> heads = new ArrayList<>();
    for (int stage = 0; stage < spec.stages().size(); stage++) {
      heads.add(layers.get(spec.head(stage)));
    }
    if (!(spec.stages().getFirst().exit() instanceof ExitSpec.Halting halting)) {
      return new StageAnswers(heads, null);
    }
    HaltingPass pass =
        new HaltingPass(
            batch,
            halting.epsilon(),
            options.stages().ponderWeight(),
            haltingUnits,
            heads,
            matrix(spec.outputs()),
            gradients == null ? null : matrix(spec.outputs()),
            matrix(spec.stages().size()),
            spec.outputs());
    return new StageAnswers(heads, pass);
  }

  private LayerPass haltingUnit(int layer, LayerInput read) {
    return chain(layer, Chain.HALT, read.x(), read.dx()).getFirst();
  }

  private LayerPass layer(int index, LayerInput read) {
    Matrix x = read.x();
    Matrix dx = read.dx();
    LayerSpec layer = spec.layers().get(index);
    LayerWeights own = weights.layers().get(index);
    LayerWeights gradient = gradients == null ? null : gradients.layers().get(index);
    LightPath light = layer instanceof LayerSpec.Gated gated ? light(index, gated, x, dx) : null;
    GatePass gate =
        layer instanceof LayerSpec.Gated gated ? gate(index, gated, light, x, dx) : null;
    boolean isHead = index == spec.head(spec.stageOf(index));
    boolean drops = gradient != null && options.dropout() > 0 && !isHead;
    boolean keepsClosed = light == null && gradient != null && gatesNeedValues(layer);
    int width = layer.blocks() * layer.blockSize();
    Matrix z = matrix(width);
    Matrix pre = light == null ? z : light.pre();
    Matrix h = LayerPass.worksInPlace(layer.activation()) ? pre : matrix(width);
    Matrix y = drops || keepsClosed ? matrix(width) : h;
    Matrix dy = gradient == null ? null : matrix(width);
    ProductPass product =
        product(own.projection(), gradient == null ? null : gradient.projection(), x, z, dy, dx);
    return new LayerPass(
        batch,
        kernels.elementwise(),
        layer.activation(),
        product,
        gate,
        light,
        h,
        y,
        drops ? new Dropout(options.dropout(), options.seed(), index + 1) : null,
        drops ? matrix(width) : null,
        dy,
        read.clears() ? dx : null);
  }

  /// Whether gates learn from a layer's values as they were before closing or scaling, which must be kept then.
  private boolean gatesNeedValues(LayerSpec layer) {
    return layer instanceof LayerSpec.Gated gated
        && (options.gates().closedBlockGradient() || gated.gate().scalesOutput());
  }

  private @Nullable LightPath light(
      int index, LayerSpec.Gated layer, Matrix x, @Nullable Matrix dx) {
    if (layer.lightRank() == 0) {
      return null;
    }
    List<LayerPass> chain = chain(index, Chain.LIGHT, x, dx);
    Matrix pre = matrix(layer.blocks() * layer.blockSize());
    return new LightPath(layer, decisionsOf(index), chain, pre);
  }

  /// The products that a layer has beside its own, reading `input`.
  private List<LayerPass> chain(int index, Chain chain, Matrix input, @Nullable Matrix inputGrad) {
    List<Projection> products = weights.layers().get(index).chain(chain);
    List<LayerPass> passes = new ArrayList<>();
    Matrix x = input;
    Matrix dx = inputGrad;
    for (int product = 0; product < products.size(); product++) {
      Projection gradient =
          gradients == null ? null : gradients.layers().get(index).chain(chain).get(product);
      LayerPass pass = inChain(products.get(product), gradient, x, dx, product == 0);
      passes.add(pass);
      x = pass.y();
      dx = gradients == null ? null : pass.dy();
    }
    return passes;
  }

  private GatePass gate(
      int index,
      LayerSpec.Gated layer,
      @Nullable LightPath light,
      Matrix layerInput,
      @Nullable Matrix layerInputGrad) {
    Matrix x = layerInput;
    Matrix dx = layerInputGrad;
    if (light != null && layer.gate().form().readsLight()) {
      LayerPass lightFirst = light.chain().getFirst();
      x = lightFirst.y();
      dx = gradients == null ? null : lightFirst.dy();
    }
    List<LayerPass> chain = chain(index, Chain.GATE, x, dx);
    GateDecisions recorded = decisionsOf(index);
    GatePass.Learning learning = gradients == null ? null : learning(index, layer, recorded);
    return new GatePass(batch, layer, chain, kernels.elementwise(), recorded, learning);
  }

  private GateDecisions decisionsOf(int layer) {
    GateDecisions found = decisions.get(layer);
    if (found == null) {
      throw new IllegalStateException("layer has no gate: layer=" + layer);
    }
    return found;
  }

  private GatePass.Learning learning(int index, LayerSpec.Gated layer, GateDecisions own) {
    boolean samples = options.gates().decision() == TrainingDecision.BERNOULLI;
    return new GatePass.Learning(
        index,
        matrix(layer.gates()),
        samples,
        options.seed(),
        options.gates().closedBlockGradient(),
        new GatePenalty(options.gates(), own, costs, index, batch.capacity()));
  }

  /// Others read the first product's inputs too, and one of them clears their gradient.
  private LayerPass inChain(
      Projection projection,
      @Nullable Projection gradient,
      Matrix x,
      @Nullable Matrix dx,
      boolean isFirst) {
    int width = projection.weights().layout().paddedUnits();
    Matrix z = matrix(width);
    Activation activation = projection.spec().activation();
    Matrix h = LayerPass.worksInPlace(activation) ? z : matrix(width);
    Matrix dy = gradient == null ? null : matrix(width);
    ProductPass product = product(projection, gradient, x, z, dy, dx);
    Matrix cleared = isFirst ? null : dx;
    return new LayerPass(
        batch,
        kernels.elementwise(),
        activation,
        product,
        null,
        null,
        h,
        h,
        null,
        null,
        dy,
        cleared);
  }

  private ProductPass product(
      Projection projection,
      @Nullable Projection gradient,
      Matrix x,
      Matrix z,
      @Nullable Matrix dz,
      @Nullable Matrix dx) {
    return new ProductPass(arena, kernels, batch, projection, x, z, gradient, dz, dx);
  }

  private Matrix matrix(int columns) {
    return Buffers.allocate(arena, batch.capacity(), columns);
  }
}
