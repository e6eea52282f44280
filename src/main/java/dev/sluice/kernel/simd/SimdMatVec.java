package dev.sluice.kernel.simd;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.SummationOrder;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Products of one row. Where all inputs are one chunk, blocks go side by side. Where there are several chunks these do, a block at a time: long rows come
/// from memory faster from a few near places than from far ones.
final class SimdMatVec implements MatVecKernels {
  /// Products in one chunk: blocks side by side.
  ///
  /// @param all for all inputs
  /// @param listed for listed ones
  record Uncut(BlocksKernel all, BlocksKernel listed) {}

  /// Products in several chunks.
  ///
  /// @param addAll blocks side by side, for one chunk; so `addListed`
  /// @param addChunks chunks side by side, for one block
  record Cut(BlocksKernel addAll, BlocksKernel addListed, ChunksKernel addChunks, RowEnds ends) {}

  private static final int[] NO_LIST = {};

  private final Uncut uncut;
  private final Supplier<Cut> cutLoader;

  /// Loaded when it is first asked for, as few models need it and loading takes milliseconds. Losing a race means to load it twice.
  private @Nullable Cut loadedCut;

  SimdMatVec(Uncut uncut, Supplier<Cut> cutLoader) {
    this.uncut = uncut;
    this.cutLoader = cutLoader;
  }

  private Cut cut() {
    Cut cut = loadedCut;
    if (cut == null) {
      cut = cutLoader.get();
      loadedCut = cut;
    }
    return cut;
  }

  @Override
  public void gatedMatVec(
      Panels w, MemorySegment bias, MemorySegment x, ActiveSet blocks, MemorySegment y) {
    int inputs = w.layout().inputs();
    int[] open = blocks.indices();
    int count = blocks.count();
    if (!SummationOrder.isCut(inputs)) {
      uncut.all().multiply(w, bias, x, NO_LIST, 0, inputs, open, 0, count, y);
      return;
    }
    cut().ends().clear(open, count, y);
    int chunkInputs = SummationOrder.chunkInputs(inputs);
    int fourInputs = SummationOrder.SIDE_BY_SIDE * chunkInputs;
    int start = 0;
    for (; start + fourInputs <= inputs; start += fourInputs) {
      cut().addChunks().addFourChunks(w, x, start, chunkInputs, open, 0, count, y);
    }
    while (start < inputs) {
      int end = SummationOrder.chunkEnd(start, inputs);
      cut().addAll().multiply(w, bias, x, NO_LIST, start, end, open, 0, count, y);
      start = end;
    }
    cut().ends().addBias(w, bias, open, count, y);
  }

  @Override
  public void gatedMatVec(
      Panels w,
      MemorySegment bias,
      MemorySegment x,
      ActiveSet listedInputs,
      ActiveSet blocks,
      MemorySegment y) {
    int inputs = w.layout().inputs();
    int[] list = listedInputs.indices();
    int listCount = listedInputs.count();
    int[] open = blocks.indices();
    int count = blocks.count();
    if (!SummationOrder.isCut(inputs)) {
      uncut.listed().multiply(w, bias, x, list, 0, listCount, open, 0, count, y);
      return;
    }
    cut().ends().clear(open, count, y);
    int chunkEnd = 0;
    for (int first = 0; first < listCount; ) {
      chunkEnd = SummationOrder.chunkEnd(chunkEnd, inputs);
      int end = SortedList.firstAtLeast(chunkEnd, list, first, listCount);
      cut().addListed().multiply(w, bias, x, list, first, end, open, 0, count, y);
      first = end;
    }
    cut().ends().addBias(w, bias, open, count, y);
  }

  @Override
  public void rehearse(
      boolean isCut,
      boolean isListed,
      Panels w,
      MemorySegment bias,
      MemorySegment x,
      ActiveSet listedInputs,
      ActiveSet blocks,
      MemorySegment y) {
    int[] list = isListed ? listedInputs.indices() : NO_LIST;
    int inputs = isListed ? listedInputs.count() : w.layout().inputs();
    int[] open = blocks.indices();
    int count = blocks.count();
    if (!isCut) {
      (isListed ? uncut.listed() : uncut.all())
          .multiply(w, bias, x, list, 0, inputs, open, 0, count, y);
      return;
    }
    cut().ends().clear(open, count, y);
    (isListed ? cut().addListed() : cut().addAll())
        .multiply(w, bias, x, list, 0, inputs, open, 0, count, y);
    if (!isListed) {
      cut()
          .addChunks()
          .addFourChunks(w, x, 0, inputs / SummationOrder.SIDE_BY_SIDE, open, 0, count, y);
    }
    cut().ends().addBias(w, bias, open, count, y);
  }
}
