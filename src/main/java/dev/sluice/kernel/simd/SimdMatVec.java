package dev.sluice.kernel.simd;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.SummationOrder;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Products of one row. Where all inputs are one chunk, blocks go side by side. Where there are several chunks these do, a block at a time: long rows come
/// from memory faster from a few near places than from far ones. With narrow weights it is the other way round (measured).
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
  private final boolean blocksFirst;

  /// Loaded when it is first asked for, as few models need it and loading takes milliseconds. Losing a race means to load it twice.
  private @Nullable Cut loadedCut;

  /// @param blocksFirst whether blocks go side by side even where inputs are cut
  SimdMatVec(Uncut uncut, Supplier<Cut> cutLoader, boolean blocksFirst) {
    this.uncut = uncut;
    this.cutLoader = cutLoader;
    this.blocksFirst = blocksFirst;
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
    int sideBySide = blocksFirst ? count & -4 : 0;
    addEachChunk(w, bias, x, 0, open, 0, sideBySide, y);
    int rest = addFours(w, x, open, sideBySide, count, y);
    addEachChunk(w, bias, x, rest, open, sideBySide, count, y);
    cut().ends().addBias(w, bias, open, count, y);
  }

  /// Returns the first input that is in no four whole chunks.
  private int addFours(Panels w, MemorySegment x, int[] open, int from, int to, MemorySegment y) {
    int inputs = w.layout().inputs();
    int chunkInputs = SummationOrder.chunkInputs(inputs);
    int fourInputs = SummationOrder.SIDE_BY_SIDE * chunkInputs;
    int first = 0;
    for (; first + fourInputs <= inputs; first += fourInputs) {
      cut().addChunks().addFourChunks(w, x, first, chunkInputs, open, from, to, y);
    }
    return first;
  }

  private void addEachChunk(
      Panels w,
      MemorySegment bias,
      MemorySegment x,
      int first,
      int[] open,
      int from,
      int to,
      MemorySegment y) {
    int inputs = w.layout().inputs();
    for (int start = first; start < inputs && from < to; ) {
      int end = SummationOrder.chunkEnd(start, inputs);
      cut().addAll().multiply(w, bias, x, NO_LIST, start, end, open, from, to, y);
      start = end;
    }
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
      int end = firstAtLeast(chunkEnd, list, first, listCount);
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

  private static int firstAtLeast(int input, int[] list, int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (list[middle] < input) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
