package dev.sluice.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.sluice.memory.AlignedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class ExponentialLoopsTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int BYTES = 1 << 16;
  private static final int CALLS = 100;
  private static final int ROUNDS = 2000;

  /// A tenth of what one interpreted call boxes.
  private static final long COMPILED_BYTES = BYTES;

  /// Of no other test, so that no function has been met yet.
  private static ExponentialLoops freshLoops() {
    WidthTemplate.Shape shape =
        WidthTemplate.Shape.of(FloatVector.SPECIES_128, 0).withCopies(Integer.MAX_VALUE);
    return new WidthTemplate<>(ExponentialLoops.class, SimdExponentialLoops.class).instance(shape);
  }

  /// Where functions share a loop, the JIT compiles it without the branches not yet taken, and throws it away at the first turn of another function.
  @Test
  void aFunctionThatIsMetLaterLeavesCompiledOnesAsTheyAre() {
    ExponentialLoops loops = freshLoops();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = AlignedMemory.allocate(arena, BYTES);
      MemorySegment y = AlignedMemory.allocate(arena, BYTES);
      Runnable gelu = () -> loops.gelu(x, 0, BYTES, y);
      for (int round = 0; allocatedBytes(gelu) > COMPILED_BYTES; round++) {
        assertTrue(round < ROUNDS, "GELU was not compiled");
      }
      List<Runnable> others =
          List.of(
              () -> loops.sigmoid(x, 0, BYTES, y),
              () -> loops.tanh(x, 0, BYTES, y),
              () -> loops.exp(x, 0, BYTES, y),
              () -> loops.expShifted(x, 1f, 0, BYTES, y),
              () -> loops.geluGrad(x, x, 0, BYTES, y));
      for (Runnable other : others) {
        other.run();
        long bytes = allocatedBytes(gelu);
        assertTrue(bytes <= COMPILED_BYTES, "GELU boxes vectors again: bytes=" + bytes);
      }
    }
  }

  /// By calls of `operation`.
  private static long allocatedBytes(Runnable operation) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int call = 0; call < CALLS; call++) {
      operation.run();
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
