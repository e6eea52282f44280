package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernel.simd.SimdKernels;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelProviderTest {
  /// The build passes `--add-modules`; were SIMD to become scalar silently, every comparison of the two would compare scalar with itself.
  @Test
  void simdRunsInTestsWhereTheMachineHasVectors() {
    assertThat(ModuleLayer.boot().findModule("jdk.incubator.vector")).isPresent();
    int widest = SimdKernels.preferredVectorBits();
    assertThat(widest).isGreaterThanOrEqualTo(128);
    List<Integer> widths = KernelProvider.all().stream().map(Kernels::vectorBits).toList();
    assertThat(widths).startsWith(32, 128).endsWith(widest);
  }

  @Test
  void theProviderGivesTheWidestKernelsUnlessToldOtherwise() {
    assertThat(KernelProvider.kernels().vectorBits()).isEqualTo(SimdKernels.preferredVectorBits());
    assertThat(KernelProvider.kernels().name())
        .isEqualTo("simd-" + SimdKernels.preferredVectorBits());
    assertThat(KernelProvider.reason()).isNotBlank();
  }

  @Test
  void aWrongPropertyIsNamedAtEveryUse() {
    System.setProperty(KernelProvider.KERNELS_PROPERTY, "fast");
    try {
      for (int use = 0; use < 2; use++) {
        assertThatThrownBy(KernelProvider::choose)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("dev.sluice.kernels=fast");
      }
    } finally {
      System.clearProperty(KernelProvider.KERNELS_PROPERTY);
    }
  }

  @Test
  void widthsThatDoNotExistAreRefused() {
    assertThatThrownBy(() -> SimdKernels.create(100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("vectorBits=100");
  }
}
