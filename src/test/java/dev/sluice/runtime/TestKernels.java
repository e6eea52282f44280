package dev.sluice.runtime;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/// Every implementation of the kernels that this machine runs, under its name: the argument of
/// parameterised tests.
final class TestKernels {
  static final String ALL = "dev.sluice.runtime.TestKernels#all";

  private TestKernels() {}

  static Stream<Named<Kernels>> all() {
    return KernelProvider.all().stream().map(kernels -> Named.of(kernels.name(), kernels));
  }
}
