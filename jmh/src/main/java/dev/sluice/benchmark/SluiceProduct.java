package dev.sluice.benchmark;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.RowGroups;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import dev.sluice.model.Projection;
import java.lang.foreign.Arena;

/// Sluice's kernels with all blocks open: one row by [MatVecKernels], more by [MatMulKernels].
final class SluiceProduct implements ProductPeer {
  private final Kernels kernels = KernelProvider.kernels();
  private final Arena arena = Arena.ofShared();
  private final Projection projection;
  private final MatVecKernels matVec;
  private final MatMulKernels matMul;
  private final Matrix x;
  private final Matrix y;
  private final ActiveSet allBlocks;
  private final RowGroups groups;
  private final boolean isRow;

  SluiceProduct(ProductOperands operands) {
    projection = operands.model().weights().layers().getFirst().projection();
    PanelLayout layout = projection.spec().layout();
    matVec = kernels.matVec(layout.blockSize());
    matMul = kernels.matMul(layout.blockSize());
    isRow = operands.batch() == 1;
    x = Matrix.allocate(arena, operands.batch(), operands.inputs());
    y = Matrix.allocate(arena, operands.batch(), layout.paddedUnits());
    for (int row = 0; row < operands.batch(); row++) {
      for (int input = 0; input < operands.inputs(); input++) {
        x.set(row, input, operands.x()[row * operands.inputs() + input]);
      }
    }
    allBlocks = ActiveSet.all(layout.blocks());
    groups = RowGroups.dense(layout.blocks(), operands.batch());
  }

  @Override
  public void multiply() {
    if (isRow) {
      matVec.gatedMatVec(projection.weights(), projection.bias(), x.data(), allBlocks, y.data());
      return;
    }
    for (int block = 0; block < groups.blocks(); block++) {
      int from = groups.from(block);
      int to = groups.to(block);
      matMul.gatedMatMul(projection.weights(), projection.bias(), x, groups, block, from, to, y);
    }
  }

  @Override
  public float result(int row, int unit) {
    return y.get(row, unit);
  }

  @Override
  public String name() {
    return "sluice " + kernels.name();
  }

  @Override
  public void close() {
    arena.close();
  }
}
