package dev.sluice.kernel;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sluice.memory.WeightPrecision;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/// Every implementation that this machine runs with every precision of weights: arguments of parameterised tests.
public final class PrecisionsOfKernels {
  public static final String ALL = "dev.sluice.kernel.PrecisionsOfKernels#all";

  private PrecisionsOfKernels() {}

  public static Stream<Arguments> all() {
    return KernelProvider.all().stream()
        .flatMap(
            kernels ->
                Stream.of(WeightPrecision.values())
                    .map(precision -> arguments(kernels, precision)));
  }
}
