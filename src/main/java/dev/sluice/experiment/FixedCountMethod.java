package dev.sluice.experiment;

import dev.sluice.gate.GateSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.PanelLayout;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.train.GateOptions;
import dev.sluice.train.Trainer;
import dev.sluice.train.UnreachableBudgetException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// Gates whose rule opens a fixed number of blocks in every row: the budget is met by the blueprint, with as many as it allows, each
/// hidden layer in proportion to its width.
///
/// @param gate of a layer in which so many blocks shall open, at block granularity
/// @param lightRank of the path that closed units take, 0 for none
record FixedCountMethod(String name, String description, IntFunction<GateSpec> gate, int lightRank)
    implements Method {
  @Override
  public Trained train(Setting setting) {
    return setting.train(spec(setting), GateOptions.defaults());
  }

  private ModelSpec spec(Setting setting) {
    int blocks = Math.ceilDiv(setting.widths().get(1), setting.recipe().blockSize());
    ModelSpec best = spec(setting, 1.0 / blocks);
    double smallest = relativeMacs(best, setting);
    if (smallest > setting.budget()) {
      throw new UnreachableBudgetException(setting.budget(), smallest);
    }
    for (int open = 2; open < blocks; open++) {
      ModelSpec next = spec(setting, (double) open / blocks);
      if (relativeMacs(next, setting) > setting.budget()) {
        return best;
      }
      best = next;
    }
    return best;
  }

  private static double relativeMacs(ModelSpec spec, Setting setting) {
    double own = Trainer.smallestRelativeMacs(spec) * spec.denseMacs();
    return own / setting.reference().denseMacs();
  }

  /// @param share of each hidden layer's blocks that open
  private ModelSpec spec(Setting setting, double share) {
    Recipe recipe = setting.recipe();
    List<LayerSpec> layers = new ArrayList<>();
    for (int units : recipe.hidden()) {
      int blocks = Math.ceilDiv(units, recipe.blockSize());
      int open = Math.clamp(Math.round(share * blocks), 1, blocks);
      layers.add(
          new LayerSpec.Gated(
              units, recipe.blockSize(), recipe.activation(), gate.apply(open), lightRank));
    }
    int outputs = setting.widths().getLast();
    int fitting = PanelLayout.fittingBlockSize(outputs, recipe.blockSize());
    layers.add(new LayerSpec.Dense(outputs, fitting, Activation.IDENTITY));
    return ModelSpec.of(setting.widths().getFirst(), layers, OutputForm.SOFTMAX);
  }
}
