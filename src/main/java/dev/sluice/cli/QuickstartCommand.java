package dev.sluice.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `sluice quickstart`: the whole idea in a minute, without any data.
@Command(
    name = "quickstart",
    description = "Trains a dense, a gated and an equal-MAC dense network; prints one table.",
    usageHelpWidth = CommonOptions.HELP_WIDTH,
    footer = {
      "",
      "Needs no data: digits are generated. The gated network may execute a quarter of the dense"
          + " one's",
      "MACs; the equal-MAC network is the plain dense one that a quarter would buy as well.",
      "",
      "Example:",
      "  sluice quickstart"
    })
final class QuickstartCommand implements Callable<Integer> {
  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Of data and training. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write the gated model. Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("sluice-quickstart.safetensors");

  @Mixin private final ThreadOptions threads = new ThreadOptions();

  @Mixin private final CommonOptions common = new CommonOptions();

  @Override
  public Integer call() {
    int threadCount = threads.threads(common);
    OutputFile.require("--out", out);
    QuickstartResult result =
        new Quickstart(QuickstartPlan.standard(seed), threadCount, common.err()).run(out);
    QuickstartReport report = new QuickstartReport(result);
    common.print(report::json, report::text);
    return 0;
  }
}
