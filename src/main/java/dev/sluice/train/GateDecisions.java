package dev.sluice.train;

import dev.sluice.account.MacFormulas;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.RowGroups;
import dev.sluice.model.LayerSpec;
import dev.sluice.runtime.GateDecision;
import java.util.Arrays;

/// Which blocks of a gated layer the rows of a batch open: for execution (groups of rows) and for the books (units per row).
final class GateDecisions {
  private final int gates;
  private final int blocks;
  private final int units;
  private final int blockSize;
  private final boolean perUnit;
  private final boolean[] openBlocks;
  private final boolean[] openGates;
  private final int[] executedUnits;
  private final int[] readUnits;
  private final int[] openGateCounts;
  private final RowGroups groups;

  GateDecisions(LayerSpec.Gated layer, int rows) {
    this.gates = layer.gates();
    this.blocks = layer.blocks();
    this.units = layer.units();
    this.blockSize = layer.blockSize();
    this.perUnit = gates != blocks;
    this.openBlocks = new boolean[Math.multiplyExact(rows, blocks)];
    this.openGates = perUnit ? new boolean[Math.multiplyExact(rows, gates)] : openBlocks;
    this.executedUnits = new int[rows];
    this.readUnits = new int[rows];
    this.openGateCounts = new int[rows];
    this.groups = new RowGroups(blocks, rows);
  }

  /// Takes over the decision of one row. Rows may be recorded at the same time.
  void record(int row, GateDecision decision) {
    mark(openBlocks, row, blocks, decision.openBlocks());
    if (perUnit) {
      mark(openGates, row, gates, decision.openUnits());
    }
    int blockCount = decision.openBlocks().count();
    boolean lastOpen = openBlocks[row * blocks + blocks - 1];
    executedUnits[row] = MacFormulas.unitsIn(blockCount, lastOpen, units, blockSize);
    readUnits[row] = decision.openUnits().count();
    openGateCounts[row] = decision.openGates().count();
  }

  private static void mark(boolean[] flags, int row, int size, ActiveSet open) {
    int from = row * size;
    Arrays.fill(flags, from, from + size, false);
    for (int position = 0; position < open.count(); position++) {
      flags[from + open.index(position)] = true;
    }
  }

  /// Groups rows `0 … rows-1`, all of which must be recorded.
  void group(int rows) {
    groups.group(openBlocks, rows);
  }

  RowGroups groups() {
    return groups;
  }

  int gates() {
    return gates;
  }

  int blocks() {
    return blocks;
  }

  boolean perUnit() {
    return perUnit;
  }

  boolean isBlockOpen(int row, int block) {
    return openBlocks[row * blocks + block];
  }

  boolean isGateOpen(int row, int gate) {
    return openGates[row * gates + gate];
  }

  int openGates(int row) {
    return openGateCounts[row];
  }

  /// True units of the executed blocks.
  int executedUnits(int row) {
    return executedUnits[row];
  }

  /// Units that the next layer reads.
  int readUnits(int row) {
    return readUnits[row];
  }

  /// What opening a gate adds to [#executedUnits]: all units of its block; at unit granularity a closed block's opener brings the
  /// whole block, open units share what their block costs, and one more unit of an open block costs nothing.
  double executedUnitsPerGate(int row, int gate) {
    int block = perUnit ? gate / blockSize : gate;
    int from = block * blockSize;
    int to = Math.min(from + blockSize, units);
    if (!perUnit || !isBlockOpen(row, block)) {
      return to - from;
    }
    if (!isGateOpen(row, gate)) {
      return 0;
    }
    int open = 0;
    for (int unit = from; unit < to; unit++) {
      open += isGateOpen(row, unit) ? 1 : 0;
    }
    return (double) (to - from) / open;
  }

  /// What opening a gate adds to [#readUnits].
  int readUnitsPerGate(int gate) {
    return perUnit ? 1 : Math.min(blockSize, units - gate * blockSize);
  }
}
