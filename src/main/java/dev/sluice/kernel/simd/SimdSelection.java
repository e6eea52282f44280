package dev.sluice.kernel.simd;

import static dev.sluice.memory.AlignedMemory.FLOAT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.NE;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.SelectionKernels;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// A vector of inputs compared at a time, the indices of its non-zeros packed to the front and stored as a whole. What a store writes
/// past the non-zeros is overwritten by the next, or lies past the count. As there are never more non-zeros than inputs looked at, no store
/// passes the end of the list.
final class SimdSelection implements SelectionKernels {
  private static final VectorSpecies<Float> SPECIES =
      WidthTemplate.shapeOf(MethodHandles.lookup()).floats();
  private static final VectorSpecies<Integer> INT_SPECIES = SPECIES.withLanes(int.class);
  private static final int LANES = SPECIES.length();
  private static final FloatVector ZERO = FloatVector.zero(SPECIES);
  private static final IntVector LANE_NUMBERS = IntVector.zero(INT_SPECIES).addIndex(1);

  /// NEON has no instruction that packs lanes, and the JIT leaves the operation to a slow fallback there.
  private static final boolean CAN_PACK =
      SPECIES.vectorBitSize() > 128
          || System.getProperty("os.arch", "").matches("amd64|x86_64|i386|x86");

  @Override
  public void listNonZeros(MemorySegment x, int count, ActiveSet nonZeros) {
    int[] list = nonZeros.indices();
    int end = count & -LANES;
    int found = CAN_PACK ? packed(x, end, list) : bitByBit(x, end, list);
    for (int k = end; k < count; k++) {
      list[found] = k;
      found += isNonZero(x, k);
    }
    nonZeros.setCount(found);
  }

  private static int packed(MemorySegment x, int end, int[] list) {
    x = OffHeap.of(x);
    int found = 0;
    for (int k = 0; k < end; k += LANES) {
      VectorMask<Float> mask =
          fromMemorySegment(SPECIES, x, (long) k * Float.BYTES, LITTLE_ENDIAN).compare(NE, ZERO);
      IntVector.broadcast(INT_SPECIES, k)
          .lanewise(ADD, LANE_NUMBERS)
          .compress(mask.cast(INT_SPECIES))
          .intoArray(list, found);
      found += mask.trueCount();
    }
    return found;
  }

  private static int bitByBit(MemorySegment x, int end, int[] list) {
    x = OffHeap.of(x);
    int found = 0;
    for (int k = 0; k < end; k += LANES) {
      long bits =
          fromMemorySegment(SPECIES, x, (long) k * Float.BYTES, LITTLE_ENDIAN)
              .compare(NE, ZERO)
              .toLong();
      for (; bits != 0; bits &= bits - 1) {
        list[found++] = k + Long.numberOfTrailingZeros(bits);
      }
    }
    return found;
  }

  @Override
  public void listNonZeros(MemorySegment x, ActiveSet among, ActiveSet nonZeros) {
    int found =
        CAN_PACK
            ? packedRuns(x, among.indices(), among.count(), nonZeros.indices())
            : oneByOne(x, among.indices(), 0, among.count(), nonZeros.indices(), 0);
    nonZeros.setCount(found);
  }

  /// The open units of a gated layer come in runs of whole blocks; only what is no run is looked at one by one.
  private static int packedRuns(MemorySegment x, int[] among, int count, int[] list) {
    x = OffHeap.of(x);
    int found = 0;
    int position = 0;
    for (; position + LANES <= count; position += LANES) {
      int first = among[position];
      if (among[position + LANES - 1] - first == LANES - 1) {
        VectorMask<Float> mask =
            fromMemorySegment(SPECIES, x, (long) first * Float.BYTES, LITTLE_ENDIAN)
                .compare(NE, ZERO);
        IntVector.broadcast(INT_SPECIES, first)
            .lanewise(ADD, LANE_NUMBERS)
            .compress(mask.cast(INT_SPECIES))
            .intoArray(list, found);
        found += mask.trueCount();
      } else {
        found = oneByOne(x, among, position, position + LANES, list, found);
      }
    }
    return oneByOne(x, among, position, count, list, found);
  }

  /// Returns the new length of `list`. Written without a branch, which zeros here and there would make the processor guess wrong.
  private static int oneByOne(
      MemorySegment x, int[] among, int from, int to, int[] list, int found) {
    int next = found;
    for (int position = from; position < to; position++) {
      int k = among[position];
      list[next] = k;
      next += isNonZero(x, k);
    }
    return next;
  }

  private static int isNonZero(MemorySegment x, int k) {
    x = OffHeap.of(x);
    return x.get(FLOAT, (long) k * Float.BYTES) != 0f ? 1 : 0;
  }
}
