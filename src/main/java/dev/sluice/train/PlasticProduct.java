package dev.sluice.train;

import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.memory.TileMap;
import dev.sluice.model.NamedTensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One product whose tiles live and die: its mask, and everything that has a number per weight.
///
/// Dead weights need no care in between: their gradients are cleared before norms are taken, their moments are zero, so no optimiser moves them
/// and weight decay leaves zeros.
final class PlasticProduct {
  private final ElementwiseKernels elementwise;
  private final TileMask mask;
  private final Panels weights;
  private final Panels gradient;
  private final List<Panels> moments;
  private final float memory;
  private final @Nullable Panels meanGradient;
  private final double[] gradientSquares;
  private boolean scoresGradients;

  /// @param moments of the optimiser
  /// @param memory β of the mean of dense gradients, 0 for the last one
  PlasticProduct(
      Arena arena,
      ElementwiseKernels elementwise,
      Panels weights,
      Panels gradient,
      List<Panels> moments,
      double memory) {
    this.elementwise = elementwise;
    this.mask = new TileMask(arena, weights.layout());
    this.weights = weights;
    this.gradient = gradient;
    this.moments = List.copyOf(moments);
    this.memory = (float) memory;
    this.meanGradient = memory > 0 ? Panels.allocate(arena, weights.layout()) : null;
    this.gradientSquares = new double[mask.tiles()];
  }

  TileMask mask() {
    return mask;
  }

  /// Whether the next gradients are scored for [#gradientSquares].
  void scoreGradients(boolean value) {
    scoresGradients = value;
  }

  /// Takes the dense gradient of one block and clears its dead tiles'. Blocks may be taken at the same time.
  void takeGradient(int block) {
    PanelLayout layout = weights.layout();
    Panels scored = gradient;
    if (meanGradient != null) {
      scored = meanGradient;
      int floats = layout.panelBytes() / Float.BYTES;
      elementwise.scale(memory, meanGradient.block(block), 0, floats, meanGradient.block(block));
      elementwise.addScaled(
          1 - memory, gradient.block(block), 0, floats, meanGradient.block(block));
    }
    int from = block * mask.tilesPerBlock();
    for (int tile = from; tile < from + mask.tilesPerBlock(); tile++) {
      if (!mask.isLive(tile)) {
        if (scoresGradients) {
          gradientSquares[tile] = squares(scored, tile);
        }
        clear(gradient, tile);
      }
    }
  }

  /// Per dead tile the sum of squares of the dense gradient, as last scored.
  double[] gradientSquares() {
    return gradientSquares;
  }

  double[] weightSquares() {
    double[] squares = new double[mask.tiles()];
    for (int tile = 0; tile < squares.length; tile++) {
      squares[tile] = squares(weights, tile);
    }
    return squares;
  }

  private double squares(Panels panels, int tile) {
    return elementwise.sumOfSquares(panels.segment(), mask.offsetBytes(tile), mask.floats(tile));
  }

  private void clear(Panels panels, int tile) {
    elementwise.fill(0f, panels.segment(), mask.offsetBytes(tile), mask.floats(tile));
  }

  void kill(int tile) {
    mask.set(tile, false);
    clear(weights, tile);
    moments.forEach(moment -> clear(moment, tile));
  }

  /// Makes a dead tile live, with normal weights drawn by `key`; its moments are zero as they have been.
  void grow(int tile, long key, double deviation) {
    mask.set(tile, true);
    if (deviation == 0) {
      return;
    }
    int inputs = mask.inputs();
    int fromUnit = tile / mask.tilesPerBlock() * mask.blockSize();
    int toUnit = fromUnit + mask.unitsOf(tile / mask.tilesPerBlock());
    int fromInput = tile % mask.tilesPerBlock() * TileMap.TILE_INPUTS;
    int toInput = Math.min(fromInput + TileMap.TILE_INPUTS, inputs);
    for (int unit = fromUnit; unit < toUnit; unit++) {
      for (int input = fromInput; input < toInput; input++) {
        double normal = CounterRandom.normal(key, (long) unit * inputs + input);
        weights.set(unit, input, (float) (deviation * normal));
      }
    }
  }

  /// What a checkpoint holds beside weights and moments.
  List<NamedTensor> tensors(String name) {
    List<NamedTensor> tensors = new ArrayList<>();
    tensors.add(mask.tensor(name + ".live"));
    if (meanGradient != null) {
      PanelLayout layout = meanGradient.layout();
      List<Long> shape =
          List.of((long) layout.blocks(), (long) layout.storedInputs(), (long) layout.blockSize());
      tensors.add(new NamedTensor(name + ".meanGradient", shape, meanGradient.segment()));
    }
    return tensors;
  }

  /// As predictors see the weights that are there now.
  void readMask() {
    mask.readFrom(weights);
  }
}
