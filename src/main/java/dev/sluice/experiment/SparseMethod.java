package dev.sluice.experiment;

import dev.sluice.account.MacFormulas;
import dev.sluice.memory.TileMap;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.train.StructuralPlasticity;
import dev.sluice.train.UnreachableBudgetException;
import java.util.function.DoubleFunction;

/// The reference network with as many live tiles as the budget allows, the same share of every hidden layer's; the head stays dense.
///
/// @param plasticity by the share of tiles that live
record SparseMethod(
    String name, String description, DoubleFunction<StructuralPlasticity> plasticity)
    implements Method {
  private static final int REWIRINGS = 10;

  @Override
  public Trained train(Setting setting) {
    ModelSpec spec = setting.reference();
    double density = density(spec, setting);
    StructuralPlasticity sparse =
        density < 1
            ? plasticity.apply(density).rewiringAtLeast(REWIRINGS, setting.steps())
            : StructuralPlasticity.none();
    return setting.train(spec, setting.options().toBuilder().plasticity(sparse).build());
  }

  private static double density(ModelSpec spec, Setting setting) {
    int head = spec.layers().size() - 1;
    double headMacs = MacFormulas.product(spec.outputs(), spec.layerInputs(head));
    double oneTileEach = 0;
    for (int index = 0; index < head; index++) {
      LayerSpec layer = spec.layers().get(index);
      oneTileEach +=
          MacFormulas.product(
              Math.min(layer.units(), layer.blockSize()),
              Math.min(spec.layerInputs(index), TileMap.TILE_INPUTS));
    }
    if (headMacs + oneTileEach > setting.budgetMacs()) {
      throw new UnreachableBudgetException(
          setting.budget(), (headMacs + oneTileEach) / spec.denseMacs());
    }
    return (setting.budgetMacs() - headMacs) / (spec.denseMacs() - headMacs);
  }
}
