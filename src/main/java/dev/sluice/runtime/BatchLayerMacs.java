package dev.sluice.runtime;

import dev.sluice.account.MacCount;
import dev.sluice.kernel.ActiveSet;
import java.util.function.IntFunction;

/// Counts one layer of a batch twice: as the batch executed it, and as its rows would be executed
/// one by one.
sealed interface BatchLayerMacs {
  /// Adds the last run, which had as many rows, to both counts and replaces `inputsRead[row]`, how
  /// many of this layer's inputs the row alone would read, by how many of its units the next layer
  /// would.
  ///
  /// @param executed every input of the open blocks, closed ones as zeros
  void count(int rows, int[] inputsRead, MacCount executed, MacCount structural);

  /// A layer that opens the same for all rows: dense, or with a constant gate.
  record Fixed(LayerMacs macs, int inputs, ActiveSet openBlocks, ActiveSet openUnits)
      implements BatchLayerMacs {
    @Override
    public void count(int rows, int[] inputsRead, MacCount executed, MacCount structural) {
      long sum = 0;
      for (int row = 0; row < rows; row++) {
        sum += inputsRead[row];
        inputsRead[row] = openUnits.count();
      }
      long all = (long) rows * inputs;
      macs.countPanels(openBlocks, rows, sum, sum, structural);
      macs.countPanels(openBlocks, rows, all, all, executed);
    }
  }

  /// A layer whose rows open different blocks.
  record Gated(LayerMacs macs, int inputs, BatchGate gate) implements BatchLayerMacs {
    @Override
    public void count(int rows, int[] inputsRead, MacCount executed, MacCount structural) {
      for (int row = 0; row < rows; row++) {
        GateDecision decision = gate.decide(row);
        macs.countRow(decision.openBlocks(), inputs, inputs, executed);
        macs.countRow(decision.openBlocks(), inputsRead[row], inputsRead[row], structural);
        inputsRead[row] = decision.openUnits().count();
      }
    }
  }

  /// Any layer some of whose tiles are dead. Every row is read with its open inputs, which is dear next to the other two and done only when asked.
  ///
  /// @param byRow how its rows would be executed one by one
  /// @param byBatch how the batch executes them: dead tiles like others, over all inputs
  record Tiled(
      BatchLayerMacs macs,
      PrunedMacs byRow,
      PrunedMacs byBatch,
      IntFunction<ActiveSet> openBlocks,
      IntFunction<ActiveSet> openInputs)
      implements BatchLayerMacs {
    @Override
    public void count(int rows, int[] inputsRead, MacCount executed, MacCount structural) {
      macs.count(rows, inputsRead, executed, structural);
      for (int row = 0; row < rows; row++) {
        ActiveSet blocks = openBlocks.apply(row);
        byRow.count(blocks, openInputs.apply(row), structural);
        byBatch.countAllInputs(blocks, executed);
      }
    }
  }
}
