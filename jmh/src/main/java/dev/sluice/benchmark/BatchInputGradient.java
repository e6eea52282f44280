package dev.sluice.benchmark;

import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.RowGroups;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// A batch's gradient of the inputs of one product. The kernel adds, so the gradient grows by the same finite step each call.
public class BatchInputGradient extends BatchShape {
  private MatMulKernels matMul;
  private Panels transposed;
  private Matrix dy;
  private Matrix dx;
  private RowGroups groups;
  private long macs;

  @Override
  void prepare(PanelLayout layout) {
    requireF32();
    matMul = kernels.matMul(block);
    Panels weights = Panels.allocate(arena, layout);
    random.fill(weights);
    PanelLayout transposedLayout = new PanelLayout(layout.inputs(), layout.paddedUnits(), block);
    transposed = Panels.allocate(arena, transposedLayout);
    for (int inputBlock = 0; inputBlock < transposedLayout.blocks(); inputBlock++) {
      weights.transposeInto(inputBlock, transposed);
    }
    dy = filled(layout.units(), layout.paddedUnits());
    dx = Matrix.allocate(arena, batch, transposedLayout.paddedUnits());
    groups = groups(layout);
    macs = macs(groups, layout);
    requireAgreement(transposedLayout);
  }

  private void requireAgreement(PanelLayout layout) {
    MatMulKernels scalar = scalarKernels().matMul(block);
    Matrix expected = Matrix.allocate(arena, batch, layout.paddedUnits());
    differentiate();
    for (int at : checkedBlocks(layout.blocks())) {
      scalar.inputGrad(transposed, dy, groups, block, at, 0, batch, expected);
      for (int row = 0; row < batch; row++) {
        long offsetBytes = dx.rowOffsetBytes(row) + (long) at * block * Float.BYTES;
        Agreement.requireSameBits(
            "inputGrad row=" + row, expected.data(), dx.data(), offsetBytes, block);
      }
    }
  }

  /// Returns MACs.
  long differentiate() {
    int inputBlocks = transposed.layout().blocks();
    for (int inputBlock = 0; inputBlock < inputBlocks; inputBlock++) {
      matMul.inputGrad(transposed, dy, groups, block, inputBlock, 0, batch, dx);
    }
    return macs;
  }

  MemorySegment gradient() {
    return dx.data();
  }
}
