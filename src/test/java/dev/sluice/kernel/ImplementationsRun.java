package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.kernel.simd.SimdKernels;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a contract suite has run, so that one which skips an implementation, or compares nothing, fails.
final class ImplementationsRun {
  private final Map<String, Long> comparedValues = new TreeMap<>();

  void add(Kernels kernels, int values) {
    comparedValues.merge(kernels.name(), (long) values, Long::sum);
  }

  /// @param leastComparedValues of each implementation: machines have two to four
  void assertComplete(long leastComparedValues) {
    Set<String> expected = new TreeSet<>(Set.of("scalar"));
    for (int bits = 128; bits <= SimdKernels.preferredVectorBits(); bits *= 2) {
      expected.add("simd-" + bits);
    }
    assertThat(expected).hasSizeGreaterThan(1);
    assertThat(comparedValues.keySet()).isEqualTo(expected);
    comparedValues.forEach(
        (name, values) -> assertThat(values).as(name).isGreaterThan(leastComparedValues));
  }
}
