package dev.sluice.benchmark;

import dev.sluice.kernel.RowGroups;
import dev.sluice.kernel.WeightGradKernels;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// A batch's gradient of the weights of one product.
public class BatchWeightGradient extends BatchShape {
  private WeightGradKernels weightGrad;
  private Matrix x;
  private Matrix dy;
  private Panels dw;
  private MemorySegment dbias;
  private RowGroups groups;
  private long macs;

  @Override
  void prepare(PanelLayout layout) {
    requireF32();
    weightGrad = kernels.weightGrad(block);
    x = filled(layout.inputs(), layout.inputs());
    dy = filled(layout.units(), layout.paddedUnits());
    dw = Panels.allocate(arena, layout);
    dbias = AlignedMemory.allocateFloats(arena, layout.paddedUnits());
    groups = groups(layout);
    macs = macs(groups, layout);
    requireAgreement(layout);
  }

  private void requireAgreement(PanelLayout layout) {
    WeightGradKernels scalar = scalarKernels().weightGrad(block);
    Panels expected = Panels.allocate(arena, layout);
    MemorySegment expectedBias = AlignedMemory.allocateFloats(arena, layout.paddedUnits());
    differentiate();
    for (int at : checkedBlocks(layout.blocks())) {
      scalar.weightGrad(x, dy, groups, at, expected, expectedBias);
      int count = layout.panelBytes() / Float.BYTES;
      Agreement.requireSameBits("weightGrad", expected.block(at), dw.block(at), 0, count);
      long offsetBytes = (long) at * block * Float.BYTES;
      Agreement.requireSameBits("weightGrad bias", expectedBias, dbias, offsetBytes, block);
    }
  }

  /// Returns MACs.
  long differentiate() {
    for (int at = 0; at < groups.blocks(); at++) {
      weightGrad.weightGrad(x, dy, groups, at, dw, dbias);
    }
    return macs;
  }

  MemorySegment gradient() {
    return dw.segment();
  }
}
