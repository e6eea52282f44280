package dev.sluice.benchmark;

import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.RowGroups;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// A batch through one product.
public class BatchProduct extends BatchShape {
  private MatMulKernels matMul;
  private Panels weights;
  private MemorySegment bias;
  private Matrix x;
  private Matrix y;
  private RowGroups groups;
  private long macs;

  @Override
  void prepare(PanelLayout layout) {
    matMul = kernels.matMul(block, layout.precision());
    weights = randomWeights(layout);
    bias = AlignedMemory.allocateFloats(arena, layout.paddedUnits());
    random.fill(bias, layout.units(), 1);
    x = filled(layout.inputs(), layout.inputs());
    y = Matrix.allocate(arena, batch, layout.paddedUnits());
    groups = groups(layout);
    macs = macs(groups, layout);
    requireAgreement(layout);
  }

  private void requireAgreement(PanelLayout layout) {
    MatMulKernels scalar = scalarKernels().matMul(block, layout.precision());
    Matrix expected = Matrix.allocate(arena, batch, layout.paddedUnits());
    multiply();
    for (int at : checkedBlocks(layout.blocks())) {
      int from = groups.from(at);
      int to = groups.to(at);
      scalar.gatedMatMul(weights, bias, x, groups, at, from, to, expected);
      for (int row = 0; row < batch; row++) {
        long offsetBytes = y.rowOffsetBytes(row) + (long) at * block * Float.BYTES;
        Agreement.requireSameBits(
            "gatedMatMul row=" + row, expected.data(), y.data(), offsetBytes, block);
      }
    }
  }

  /// Returns MACs.
  long multiply() {
    for (int at = 0; at < groups.blocks(); at++) {
      int from = groups.from(at);
      matMul.gatedMatMul(weights, bias, x, groups, at, from, groups.to(at), y);
    }
    return macs;
  }

  MemorySegment sums() {
    return y.data();
  }
}
