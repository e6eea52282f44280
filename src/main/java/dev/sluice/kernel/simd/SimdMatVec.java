package dev.sluice.kernel.simd;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.SummationOrder;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// Products of one row. Where all inputs are one chunk, blocks go side by side. Where there are several chunks these do, a block at a time: long rows come
/// from memory faster from a few near places than from far ones. With narrow weights it is the other way round (measured).
///
/// @param all blocks side by side, all inputs
/// @param listed the same, listed inputs
/// @param addAll the same as `all` for one chunk of several; so `addListed`
/// @param addChunks chunks side by side
/// @param blocksFirst whether blocks go side by side even where inputs are cut
record SimdMatVec(
    BlocksKernel all,
    BlocksKernel listed,
    BlocksKernel addAll,
    BlocksKernel addListed,
    ChunksKernel addChunks,
    RowEnds ends,
    boolean blocksFirst)
    implements MatVecKernels {
  private static final int[] NO_LIST = {};

  @Override
  public void gatedMatVec(
      Panels w, MemorySegment bias, MemorySegment x, ActiveSet blocks, MemorySegment y) {
    int inputs = w.layout().inputs();
    int[] open = blocks.indices();
    int count = blocks.count();
    if (!SummationOrder.isCut(inputs)) {
      all.multiply(w, bias, x, NO_LIST, 0, inputs, open, 0, count, y);
      return;
    }
    ends.clear(open, count, y);
    int sideBySide = blocksFirst ? count & -4 : 0;
    addEachChunk(w, bias, x, 0, open, 0, sideBySide, y);
    int rest = addFours(w, x, open, sideBySide, count, y);
    addEachChunk(w, bias, x, rest, open, sideBySide, count, y);
    ends.addBias(w, bias, open, count, y);
  }

  /// Returns the first input that is in no four whole chunks.
  private int addFours(Panels w, MemorySegment x, int[] open, int from, int to, MemorySegment y) {
    int inputs = w.layout().inputs();
    int chunkInputs = SummationOrder.chunkInputs(inputs);
    int fourInputs = SummationOrder.SIDE_BY_SIDE * chunkInputs;
    int first = 0;
    for (; first + fourInputs <= inputs; first += fourInputs) {
      addChunks.addFourChunks(w, x, first, chunkInputs, open, from, to, y);
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
      addAll.multiply(w, bias, x, NO_LIST, start, end, open, from, to, y);
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
      listed.multiply(w, bias, x, list, 0, listCount, open, 0, count, y);
      return;
    }
    ends.clear(open, count, y);
    int chunkEnd = 0;
    for (int first = 0; first < listCount; ) {
      chunkEnd = SummationOrder.chunkEnd(chunkEnd, inputs);
      int end = firstAtLeast(chunkEnd, list, first, listCount);
      addListed.multiply(w, bias, x, list, first, end, open, 0, count, y);
      first = end;
    }
    ends.addBias(w, bias, open, count, y);
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
      (isListed ? listed : all).multiply(w, bias, x, list, 0, inputs, open, 0, count, y);
      return;
    }
    ends.clear(open, count, y);
    (isListed ? addListed : addAll).multiply(w, bias, x, list, 0, inputs, open, 0, count, y);
    if (!isListed) {
      addChunks.addFourChunks(w, x, 0, inputs / SummationOrder.SIDE_BY_SIDE, open, 0, count, y);
    }
    ends.addBias(w, bias, open, count, y);
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
