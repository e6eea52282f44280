package dev.sluice.cli;

import dev.sluice.format.ModelFile;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.Model;
import dev.sluice.report.Figures;
import dev.sluice.report.JsonText;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sluice convert`: a model to the same model with weights of another precision.
@Command(
    name = "convert",
    description = "Writes a model with its weights rounded to another precision.",
    usageHelpWidth = CommonOptions.HELP_WIDTH,
    footer = {
      "",
      "bf16 halves the bytes of weights, int8 (a scale per unit) quarters them; biases and"
          + " activations",
      "stay f32. What it costs in accuracy: sluice eval FILE --data D --weights f32,bf16,int8",
      "",
      "Example:",
      "  sluice convert mnist.safetensors --weights bf16 --out mnist-bf16.safetensors"
    })
final class ConvertCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "Model file.")
  private Path file = Path.of("");

  @Option(
      names = WeightsOption.NAME,
      required = true,
      paramLabel = "P",
      description = "f32, bf16 or int8.")
  private String weights = "";

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Model file to write; one that exists is replaced.")
  private Path out = Path.of("");

  @Mixin private final CommonOptions common = new CommonOptions();

  @Override
  public Integer call() {
    WeightPrecision precision = WeightsOption.precision(common, weights);
    OutputFile.require("--out", out);
    try (Model stored = ModelFile.open(file);
        Model converted = stored.withPrecision(precision)) {
      ModelFile.write(out, converted.spec(), converted.weights(), converted.metadata());
      common.print(() -> json(stored, converted), () -> text(stored, converted));
    }
    return 0;
  }

  private JsonText json(Model stored, Model converted) {
    return JsonText.object()
        .put("file", out.toString())
        .put("weights", converted.precision().specName())
        .put("weightBytes", converted.weights().weightBytes())
        .put("weightsBefore", stored.precision().specName())
        .put("weightBytesBefore", stored.weights().weightBytes());
  }

  private String text(Model stored, Model converted) {
    return "wrote " + out + ": weights=" + weights(stored) + " → " + weights(converted) + "\n";
  }

  private static String weights(Model model) {
    return model.precision().specName() + " (" + Figures.bytes(model.weights().weightBytes()) + ")";
  }
}
