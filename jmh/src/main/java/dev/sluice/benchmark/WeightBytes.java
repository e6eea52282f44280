package dev.sluice.benchmark;

import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The weights that [RowProduct] multiplies with, merely read: the least that a matrix–vector product can take.
public class WeightBytes extends ShapeParameters {
  private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_PREFERRED;
  private static final int VECTOR_BYTES = SPECIES.vectorByteSize();

  /// Eight independent chains: more vectors than a core loads in the time of one exclusive or.
  private static final int STEP_BYTES = 8 * VECTOR_BYTES;

  private MemorySegment bytes;

  @Override
  void prepare(PanelLayout layout) {
    Panels weights = randomWeights(layout);
    bytes = weights.segment();
    if (bytes.byteSize() % STEP_BYTES != 0 || bytes.byteSize() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "weights are not whole steps of the read loop: bytes="
              + bytes.byteSize()
              + ", stepBytes="
              + STEP_BYTES);
    }
    Agreement.requireEqual("bits read", parity(bytes), read());
  }

  int byteCount() {
    return (int) bytes.byteSize();
  }

  /// Exclusive or of all 32-bit words, which no compiler can know without reading each.
  int read() {
    IntVector a = IntVector.zero(SPECIES);
    IntVector b = a;
    IntVector c = a;
    IntVector d = a;
    IntVector e = a;
    IntVector f = a;
    IntVector g = a;
    IntVector h = a;
    int end = byteCount();
    for (int at = 0; at < end; at += STEP_BYTES) {
      a = a.lanewise(VectorOperators.XOR, load(at));
      b = b.lanewise(VectorOperators.XOR, load(at + VECTOR_BYTES));
      c = c.lanewise(VectorOperators.XOR, load(at + 2 * VECTOR_BYTES));
      d = d.lanewise(VectorOperators.XOR, load(at + 3 * VECTOR_BYTES));
      e = e.lanewise(VectorOperators.XOR, load(at + 4 * VECTOR_BYTES));
      f = f.lanewise(VectorOperators.XOR, load(at + 5 * VECTOR_BYTES));
      g = g.lanewise(VectorOperators.XOR, load(at + 6 * VECTOR_BYTES));
      h = h.lanewise(VectorOperators.XOR, load(at + 7 * VECTOR_BYTES));
    }
    IntVector left = a.lanewise(VectorOperators.XOR, b).lanewise(VectorOperators.XOR, c);
    IntVector middle = d.lanewise(VectorOperators.XOR, e).lanewise(VectorOperators.XOR, f);
    IntVector right = g.lanewise(VectorOperators.XOR, h);
    return left.lanewise(VectorOperators.XOR, middle)
        .lanewise(VectorOperators.XOR, right)
        .reduceLanes(VectorOperators.XOR);
  }

  private IntVector load(long offsetBytes) {
    return IntVector.fromMemorySegment(SPECIES, bytes, offsetBytes, ByteOrder.LITTLE_ENDIAN);
  }

  private static int parity(MemorySegment segment) {
    int parity = 0;
    for (long at = 0; at < segment.byteSize(); at += Integer.BYTES) {
      parity ^= segment.get(ValueLayout.JAVA_INT_UNALIGNED, at);
    }
    return parity;
  }
}
