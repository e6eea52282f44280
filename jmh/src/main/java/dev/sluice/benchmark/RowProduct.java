package dev.sluice.benchmark;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Param;

/// One row through one product with a share of its blocks open, or a share of its inputs listed.
///
/// The open blocks change from call to call, as they do when rows differ: a fixed subset would sit in a nearer cache than a served
/// model's does.
public class RowProduct extends ShapeParameters {
  /// A power of two; with 16 sets of a quarter of the blocks, 99 % of all weights are in use.
  private static final int SETS = 16;

  private static final int SETS_CHECKED = 2;

  /// Share of blocks that are open, or of inputs that are listed.
  @Param({"1", "0.5", "0.25", "0.125"})
  public double density;

  private MatVecKernels matVec;
  private Panels weights;
  private MemorySegment bias;
  private MemorySegment x;
  private MemorySegment y;
  private ActiveSet allBlocks;
  private final ActiveSet[] blockSets = new ActiveSet[SETS];
  private final ActiveSet[] inputSets = new ActiveSet[SETS];
  private final ActiveSet[] blockSetsOfUnits = new ActiveSet[SETS];
  private int openUnits;
  private int next;

  @Override
  void prepare(PanelLayout layout) {
    matVec = kernels.matVec(block, layout.precision());
    weights = randomWeights(layout);
    bias = AlignedMemory.allocateFloats(arena, layout.paddedUnits());
    x = AlignedMemory.allocateFloats(arena, layout.inputs());
    y = AlignedMemory.allocateFloats(arena, layout.paddedUnits());
    random.fill(bias, layout.units(), 1);
    random.fill(x, layout.inputs(), 1);
    allBlocks = ActiveSet.all(layout.blocks());
    int inputBlocks = (layout.inputs() + block - 1) / block;
    for (int set = 0; set < SETS; set++) {
      blockSets[set] = random.activeSet(layout.blocks(), density);
      blockSetsOfUnits[set] = blocksOf(random.activeSet(layout.units(), density), layout);
      inputSets[set] = new ActiveSet(layout.inputs());
      // Whole blocks: what closed blocks of the layer before leave.
      inputSets[set].setToUnitsOf(random.activeSet(inputBlocks, density), block);
    }
    requireAgreement(layout);
  }

  /// The blocks that hold an open unit.
  private ActiveSet blocksOf(ActiveSet units, PanelLayout layout) {
    openUnits = units.count();
    ActiveSet blocks = new ActiveSet(layout.blocks());
    int last = -1;
    for (int position = 0; position < units.count(); position++) {
      int next = units.index(position) / block;
      if (next != last) {
        blocks.add(next);
        last = next;
      }
    }
    return blocks;
  }

  private void requireAgreement(PanelLayout layout) {
    MatVecKernels scalar = scalarKernels().matVec(block, layout.precision());
    MemorySegment expected = AlignedMemory.allocateFloats(arena, layout.paddedUnits());
    for (int set = 0; set < SETS_CHECKED; set++) {
      scalar.gatedMatVec(weights, bias, x, blockSets[set], expected);
      next = set;
      multiplyOpenBlocks();
      Agreement.requireSameBits("gatedMatVec", expected, y, 0, layout.paddedUnits());
      scalar.gatedMatVec(weights, bias, x, inputSets[set], allBlocks, expected);
      next = set;
      multiplyListedInputs();
      Agreement.requireSameBits("gatedMatVecListed", expected, y, 0, layout.paddedUnits());
    }
  }

  /// All inputs, open blocks. Returns MACs.
  long multiplyOpenBlocks() {
    ActiveSet blocks = blockSets[next];
    next = (next + 1) & (SETS - 1);
    matVec.gatedMatVec(weights, bias, x, blocks, y);
    return (long) blocks.count() * block * weights.layout().inputs();
  }

  /// All inputs, every block with an open unit. Returns the MACs of the open units alone.
  long multiplyOpenUnits() {
    ActiveSet blocks = blockSetsOfUnits[next];
    next = (next + 1) & (SETS - 1);
    matVec.gatedMatVec(weights, bias, x, blocks, y);
    return (long) openUnits * weights.layout().inputs();
  }

  /// Listed inputs, all blocks. Returns MACs.
  long multiplyListedInputs() {
    ActiveSet inputs = inputSets[next];
    next = (next + 1) & (SETS - 1);
    matVec.gatedMatVec(weights, bias, x, inputs, allBlocks, y);
    return (long) weights.layout().paddedUnits() * inputs.count();
  }

  /// The sums of the last call.
  MemorySegment sums() {
    return y;
  }
}
