package dev.sluice.cli;

import dev.sluice.format.ModelFile;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.Model;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// In which precision a model computes, whatever it is stored in.
final class WeightsOption {
  static final String NAME = "--weights";

  @Option(
      names = NAME,
      paramLabel = "P",
      description =
          "Round weights to f32, bf16 or int8 when the model is opened; default: as stored.")
  private @Nullable String text;

  /// Opens the model so; to be called after [#require].
  Model open(Path file) {
    return text == null
        ? ModelFile.open(file)
        : ModelFile.open(file, WeightPrecision.ofSpecName(text));
  }

  /// Refuses an unknown precision before any work is done.
  void require(CommonOptions common) {
    if (text != null) {
      precision(common, text);
    }
  }

  static WeightPrecision precision(CommonOptions common, String text) {
    return common.option(NAME, () -> WeightPrecision.ofSpecName(text));
  }
}
