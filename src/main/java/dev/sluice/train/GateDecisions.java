package dev.sluice.train;

import dev.sluice.account.MacFormulas;
import dev.sluice.gate.GateEstimator;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.RowGroups;
import dev.sluice.model.LayerSpec;
import dev.sluice.runtime.GateDecision;
import java.util.Arrays;

/// Which gates of a layer the rows of a batch open: for execution (groups of rows) and for the books (units per row).
final class GateDecisions implements GateEstimator.OpenGates {
  private final int gates;
  private final int blocks;
  private final int units;
  private final int blockSize;
  private final int blocksPerGate;
  private final boolean perUnit;
  private final boolean allRead;
  private final boolean[] openBlocks;
  private final boolean[] openGates;
  private final float[] weights;
  private final int[] executedUnits;
  private final int[] readUnits;
  private final int[] openGateCounts;
  private final RowGroups groups;

  GateDecisions(LayerSpec.Gated layer, int rows) {
    this.gates = layer.gates();
    this.blocks = layer.blocks();
    this.units = layer.units();
    this.blockSize = layer.blockSize();
    this.blocksPerGate = layer.gate().blocksPerGate();
    this.perUnit = layer.gate().granularity() == Granularity.UNIT;
    this.allRead = layer.lightRank() > 0;
    this.openBlocks = new boolean[Math.multiplyExact(rows, blocks)];
    boolean gatesAreBlocks = !perUnit && blocksPerGate == 1;
    this.openGates = gatesAreBlocks ? openBlocks : new boolean[Math.multiplyExact(rows, gates)];
    this.weights = new float[layer.gate().scalesOutput() ? Math.multiplyExact(rows, gates) : 0];
    this.executedUnits = new int[rows];
    this.readUnits = new int[rows];
    this.openGateCounts = new int[rows];
    this.groups = new RowGroups(blocks, rows);
  }

  /// Takes over the decision of one row. Rows may be recorded at the same time.
  void record(int row, GateDecision decision) {
    mark(openBlocks, row, blocks, decision.openBlocks());
    if (openGates != openBlocks) {
      mark(openGates, row, gates, decision.openGates());
    }
    int blockCount = decision.openBlocks().count();
    boolean lastOpen = openBlocks[row * blocks + blocks - 1];
    executedUnits[row] = MacFormulas.unitsIn(blockCount, lastOpen, units, blocks, blockSize);
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

  /// Factor of what an open gate admits.
  void setWeight(int row, int gate, float weight) {
    weights[row * gates + gate] = weight;
  }

  float weight(int row, int gate) {
    return weights[row * gates + gate];
  }

  /// Takes an open gate back.
  @Override
  public void close(int row, int gate) {
    if (!isOpen(row, gate)) {
      return;
    }
    openGates[row * gates + gate] = false;
    openGateCounts[row]--;
    int gateUnits = unitsOfGate(gate);
    readUnits[row] -= gateUnits;
    if (!perUnit) {
      int fromBlock = gate * blocksPerGate;
      int toBlock = Math.min(fromBlock + blocksPerGate, blocks);
      Arrays.fill(openBlocks, row * blocks + fromBlock, row * blocks + toBlock, false);
      executedUnits[row] -= gateUnits;
    } else if (openUnitsOf(row, gate / blockSize) == 0) {
      openBlocks[row * blocks + gate / blockSize] = false;
      executedUnits[row] -= unitsOf(gate / blockSize);
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

  /// Units that one gate opens, the last one's maybe fewer.
  int unitsPerGate() {
    return perUnit ? 1 : blockSize * blocksPerGate;
  }

  boolean isBlockOpen(int row, int block) {
    return openBlocks[row * blocks + block];
  }

  @Override
  public boolean isOpen(int row, int gate) {
    return openGates[row * gates + gate];
  }

  int openGates(int row) {
    return openGateCounts[row];
  }

  /// True units of the executed blocks.
  int executedUnits(int row) {
    return executedUnits[row];
  }

  /// Units that the next layer reads: all, where a light path gives closed units their values.
  int readUnits(int row) {
    return allRead ? units : readUnits[row];
  }

  /// Whether the next layer reads a unit.
  boolean isRead(int row, int unit) {
    return allRead || isOpen(row, unit / unitsPerGate());
  }

  /// What opening a gate adds to [#executedUnits]: all units of its blocks; at unit granularity a closed block's opener brings the
  /// whole block, open units share what their block costs, and one more unit of an open block costs nothing.
  double executedUnitsPerGate(int row, int gate) {
    if (!perUnit) {
      return unitsOfGate(gate);
    }
    int block = gate / blockSize;
    if (!isBlockOpen(row, block)) {
      return unitsOf(block);
    }
    return isOpen(row, gate) ? (double) unitsOf(block) / openUnitsOf(row, block) : 0;
  }

  private int unitsOf(int block) {
    return Math.min(blockSize, units - block * blockSize);
  }

  private int openUnitsOf(int row, int block) {
    int open = 0;
    for (int unit = block * blockSize; unit < block * blockSize + unitsOf(block); unit++) {
      open += isOpen(row, unit) ? 1 : 0;
    }
    return open;
  }

  /// What opening a gate adds to [#readUnits].
  int readUnitsPerGate(int gate) {
    return allRead ? 0 : unitsOfGate(gate);
  }

  private int unitsOfGate(int gate) {
    return Math.min(unitsPerGate(), units - gate * unitsPerGate());
  }
}
