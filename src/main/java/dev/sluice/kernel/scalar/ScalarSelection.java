package dev.sluice.kernel.scalar;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.SelectionKernels;
import java.lang.foreign.MemorySegment;

final class ScalarSelection implements SelectionKernels {
  @Override
  public void listNonZeros(MemorySegment x, int count, ActiveSet nonZeros) {
    nonZeros.clear();
    for (int k = 0; k < count; k++) {
      addIfNonZero(x, k, nonZeros);
    }
  }

  @Override
  public void listNonZeros(MemorySegment x, ActiveSet among, ActiveSet nonZeros) {
    nonZeros.clear();
    for (int position = 0; position < among.count(); position++) {
      addIfNonZero(x, among.index(position), nonZeros);
    }
  }

  private static void addIfNonZero(MemorySegment x, int k, ActiveSet nonZeros) {
    if (x.get(FLOAT, (long) k * Float.BYTES) != 0f) {
      nonZeros.add(k);
    }
  }
}
