package dev.sluice.cli;

import dev.sluice.train.StructuralPlasticity;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which tiles of a network keep weights.
final class PlasticityOptions {
  @Option(
      names = "--prune",
      paramLabel = "density=D[,at=SHARE][,scope=layer|global][,layers=hidden|first]",
      description =
          "Magnitude pruning by tile: after a share of the steps (0.5) only the share D of the"
              + " tiles keeps weights.")
  private @Nullable String prune;

  @Option(
      names = "--rigl",
      paramLabel = "density=D[,every=STEPS][,alpha=A][,until=SHARE][,…]",
      description =
          "RigL by tile: a share D of the tiles has weights from the start, and is rewired as"
              + " training goes. Also deviation=, memory=, start=random|magnitude,"
              + " layers=hidden|first.")
  private @Nullable String rigl;

  StructuralPlasticity options(CommonOptions common) {
    if (prune != null && rigl != null) {
      throw common.misuse("--prune and --rigl exclude each other; give one of them");
    }
    if (prune != null) {
      String text = prune;
      return common.option("--prune", () -> PlasticityText.magnitude(text));
    }
    if (rigl != null) {
      String text = rigl;
      return common.option("--rigl", () -> PlasticityText.rigl(text));
    }
    return StructuralPlasticity.none();
  }
}
