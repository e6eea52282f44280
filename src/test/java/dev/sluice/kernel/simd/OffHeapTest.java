package dev.sluice.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// Kernels know one class of segments; others are refused before anything is written.
final class OffHeapTest {
  @Test
  void segmentsOnTheHeapAreRefused() {
    List<Kernels> all = KernelProvider.all();
    Assumptions.assumeTrue(all.size() > 1, "no SIMD kernels on this machine");
    try (Arena arena = Arena.ofConfined()) {
      Panels w = Panels.allocate(arena, new PanelLayout(8, 4, 8));
      MemorySegment bias = AlignedMemory.allocateFloats(arena, 16);
      MemorySegment y = AlignedMemory.allocateFloats(arena, 16);
      MemorySegment x = MemorySegment.ofArray(new float[16]);
      ActiveSet blocks = ActiveSet.all(1);
      for (Kernels kernels : all.subList(1, all.size())) {
        assertThrows(
            ClassCastException.class,
            () -> kernels.matVec(8).gatedMatVec(w, bias, x, blocks, y),
            kernels.name());
      }
    }
  }
}
