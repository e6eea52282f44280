package dev.sluice.cli;

import dev.sluice.format.ModelFile;
import dev.sluice.format.SafetensorsFile;
import dev.sluice.format.SafetensorsHeader;
import dev.sluice.model.Model;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `sluice inspect`: what is in a model file.
@Command(
    name = "inspect",
    description =
        "Shows a model file's blueprint, tensors and provenance, and proves its checksums.",
    usageHelpWidth = CommonOptions.HELP_WIDTH,
    footer = {"", "Example:", "  sluice inspect mnist.safetensors"})
final class InspectCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "Model file.")
  private Path file = Path.of("");

  @Mixin private final CommonOptions common = new CommonOptions();

  @Override
  public Integer call() {
    // opening proves all checksums and that blueprint and tensors belong together
    try (Model model = ModelFile.open(file)) {
      SafetensorsHeader header = SafetensorsFile.readHeader(file);
      ModelListing listing = new ModelListing(file, model, header);
      common.print(listing::json, listing::text);
    }
    return 0;
  }
}
