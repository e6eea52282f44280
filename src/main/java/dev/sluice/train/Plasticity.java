package dev.sluice.train;

import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Panels;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The course of [StructuralPlasticity] through a training. Everything it decides follows from weights, gradients, seed and step, so it is the
/// same with any threads, and after a checkpoint.
final class Plasticity {
  private final StructuralPlasticity options;
  private final long seed;
  private final List<PlasticProduct> products = new ArrayList<>();

  /// Of each product.
  private final List<Integer> layers = new ArrayList<>();

  private long rewirings;

  Plasticity(
      Arena arena,
      ElementwiseKernels elementwise,
      ModelSpec spec,
      TrainingOptions options,
      Weights weights,
      Weights gradients,
      Optimizer optimizer) {
    this.options = options.plasticity();
    this.seed = options.seed();
    for (int layer = 0; layer < weights.layers().size(); layer++) {
      if (this.options.includes(layer, spec)) {
        List<Panels> moments = new ArrayList<>();
        moments.add(panels(optimizer.firstMoments(), layer));
        Weights second = optimizer.secondMoments();
        if (second != null) {
          moments.add(panels(second, layer));
        }
        layers.add(layer);
        products.add(
            new PlasticProduct(
                arena,
                elementwise,
                panels(weights, layer),
                panels(gradients, layer),
                moments,
                this.options.method() == StructuralPlasticity.Method.RIGL
                    ? this.options.gradientMemory()
                    : 0));
      }
    }
    if (this.options.isOn() && products.isEmpty()) {
      throw new IllegalArgumentException(
          "structural plasticity needs a hidden layer: layers=" + weights.layers().size());
    }
    if (this.options.method() == StructuralPlasticity.Method.RIGL) {
      start();
    }
  }

  private static Panels panels(Weights weights, int layer) {
    return weights.layers().get(layer).projection().weights();
  }

  /// Ties the masks to the network's gradients and costs.
  void attach(Network network) {
    for (int index = 0; index < products.size(); index++) {
      PlasticProduct product = products.get(index);
      int layer = layers.get(index);
      network.layers().get(layer).product().back().setPlastic(product);
      network.costs().setTiles(layer, product.mask());
    }
  }

  List<PlasticProduct> products() {
    return products;
  }

  /// How often tiles were chosen anew since the start.
  long rewirings() {
    return rewirings;
  }

  private void start() {
    for (int index = 0; index < products.size(); index++) {
      PlasticProduct product = products.get(index);
      double[] scores =
          options.start() == StructuralPlasticity.Start.MAGNITUDE
              ? product.weightSquares()
              : randomScores(product.mask().tiles(), key(index, -1));
      for (int tile : TileChoice.allButLargest(scores, liveTiles(scores.length))) {
        product.kill(tile);
      }
    }
  }

  private static double[] randomScores(int count, long key) {
    double[] scores = new double[count];
    Arrays.setAll(scores, tile -> CounterRandom.uniform(CounterRandom.at(key, tile)));
    return scores;
  }

  private int liveTiles(int tiles) {
    return (int) Math.max(1, Math.round(options.density() * tiles));
  }

  private long key(int index, long step) {
    return CounterRandom.key(seed, CounterRandom.Stream.TILES, layers.get(index), step);
  }

  /// @param step from 0
  void beforeStep(long step, long totalSteps) {
    if (options.method() == StructuralPlasticity.Method.MAGNITUDE
        && step == options.pruneStep(totalSteps)) {
      prune();
    }
    boolean rewires = options.rewires(step + 1, totalSteps);
    products.forEach(product -> product.scoreGradients(rewires));
  }

  private void prune() {
    if (options.scope() == StructuralPlasticity.Scope.GLOBAL) {
      pruneTogether();
    } else {
      for (PlasticProduct product : products) {
        double[] scores = product.weightSquares();
        for (int tile : TileChoice.allButLargest(scores, liveTiles(scores.length))) {
          product.kill(tile);
        }
      }
    }
    rewirings++;
  }

  /// The largest tile of each layer lives whatever the others' are: a layer without weights would answer the same for every row.
  private void pruneTogether() {
    List<double[]> perProduct = products.stream().map(PlasticProduct::weightSquares).toList();
    perProduct.forEach(Plasticity::liftLargest);
    double[] all = perProduct.stream().flatMapToDouble(Arrays::stream).toArray();
    int live = Math.max(products.size(), liveTiles(all.length));
    for (int number : TileChoice.allButLargest(all, live)) {
      int tile = number;
      int index = 0;
      while (tile >= perProduct.get(index).length) {
        tile -= perProduct.get(index).length;
        index++;
      }
      products.get(index).kill(tile);
    }
  }

  private static void liftLargest(double[] scores) {
    int largest = 0;
    for (int tile = 1; tile < scores.length; tile++) {
      largest = scores[tile] > scores[largest] ? tile : largest;
    }
    scores[largest] = Double.POSITIVE_INFINITY;
  }

  /// To be called when a step has changed the weights.
  ///
  /// @param step from 0
  void afterUpdate(long step, long totalSteps) {
    long done = step + 1;
    if (!options.rewires(done, totalSteps)) {
      return;
    }
    double share = options.dropShare(done, totalSteps);
    for (int index = 0; index < products.size(); index++) {
      PlasticProduct product = products.get(index);
      int count = (int) Math.max(1, share * product.mask().liveTiles());
      TileChoice choice =
          TileChoice.rewire(
              product.mask().copy(), product.weightSquares(), product.gradientSquares(), count);
      for (int tile : choice.dropped()) {
        product.kill(tile);
      }
      for (int tile : choice.grown()) {
        product.grow(tile, key(index, step), options.growDeviation());
      }
    }
    rewirings++;
  }

  /// Whether the structure is the one that training is for: false until magnitude pruning has happened.
  ///
  /// @param done steps done
  boolean isSettled(long done, long totalSteps) {
    return options.method() != StructuralPlasticity.Method.MAGNITUDE
        || done > options.pruneStep(totalSteps);
  }

  /// What a checkpoint holds beside weights and moments.
  List<NamedTensor> tensors() {
    List<NamedTensor> tensors = new ArrayList<>();
    for (int index = 0; index < products.size(); index++) {
      tensors.addAll(products.get(index).tensors("plasticity.layers." + layers.get(index)));
    }
    return tensors;
  }

  /// Takes over what a checkpoint has put into [#tensors].
  void restore(long rewiringsBefore) {
    products.forEach(product -> product.mask().restore());
    rewirings = rewiringsBefore;
  }

  /// To be called when other weights were put in the place of the trained ones.
  void readMasks() {
    products.forEach(PlasticProduct::readMask);
  }
}
