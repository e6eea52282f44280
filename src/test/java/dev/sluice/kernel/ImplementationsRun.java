package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.kernel.simd.SimdKernels;
import java.util.Set;
import java.util.TreeSet;

/// What a contract suite has run, so that one which skips an implementation, or compares nothing, fails.
final class ImplementationsRun {
  private final Set<String> names = new TreeSet<>();
  private long comparedValues;

  void add(Kernels kernels, int values) {
    names.add(kernels.name());
    comparedValues += values;
  }

  void assertComplete(long leastComparedValues) {
    Set<String> expected = new TreeSet<>(Set.of("scalar"));
    for (int bits = 128; bits <= SimdKernels.preferredVectorBits(); bits *= 2) {
      expected.add("simd-" + bits);
    }
    assertThat(expected).hasSizeGreaterThan(1);
    assertThat(names).isEqualTo(expected);
    assertThat(comparedValues).isGreaterThan(leastComparedValues);
  }
}
