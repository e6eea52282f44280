package dev.sluice.benchmark;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.RowGroups;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What the kernels of a batch share: rows of which each opens a random share of the blocks.
@State(Scope.Thread)
public abstract class BatchShape extends ShapeParameters {
  /// Rows.
  @Param("256")
  public int batch;

  /// Share of the blocks that a row opens.
  @Param({"1", "0.5", "0.25", "0.125"})
  public double density;

  /// Groups of random rows; dense groups share one list, as in a dense layer.
  RowGroups groups(PanelLayout layout) {
    int blocks = layout.blocks();
    if (density == 1) {
      return RowGroups.dense(blocks, batch);
    }
    boolean[] open = new boolean[batch * blocks];
    for (int row = 0; row < batch; row++) {
      ActiveSet set = random.activeSet(blocks, density);
      for (int position = 0; position < set.count(); position++) {
        open[row * blocks + set.index(position)] = true;
      }
    }
    RowGroups groups = new RowGroups(blocks, batch);
    groups.group(open, batch);
    return groups;
  }

  /// Normal values, padding zero.
  Matrix filled(int columns, int paddedColumns) {
    Matrix matrix = Matrix.allocate(arena, batch, paddedColumns);
    random.fill(matrix, columns);
    return matrix;
  }

  /// Blocks whose answers are compared: the scalar truth of all would take longer than the benchmark.
  static int[] checkedBlocks(int blocks) {
    return new int[] {0, blocks / 2, blocks - 1};
  }

  /// MACs of one pass over all groups.
  static long macs(RowGroups groups, PanelLayout layout) {
    long rows = 0;
    for (int block = 0; block < groups.blocks(); block++) {
      rows += groups.count(block);
    }
    return rows * layout.blockSize() * layout.inputs();
  }
}
