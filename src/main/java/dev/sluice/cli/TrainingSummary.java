package dev.sluice.cli;

import dev.sluice.model.ModelSpec;
import dev.sluice.report.Figures;
import dev.sluice.report.JsonText;
import dev.sluice.train.EpochRecord;
import dev.sluice.train.Evaluation;
import dev.sluice.train.StopReason;
import dev.sluice.train.TrainingResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a finished training has to say.
record TrainingSummary(TrainingResult result, Path file, String data) {
  String text() {
    ModelSpec spec = result.model().spec();
    StringBuilder text = new StringBuilder();
    text.append("trained ")
        .append(spec.architecture())
        .append(spec.isGated() ? ", gated" : spec.isStaged() ? "" : ", dense")
        .append(": epochs=")
        .append(result.history().size())
        .append(", best=")
        .append(result.bestEpoch())
        .append(result.reason() == StopReason.EARLY_STOPPING ? ", stopped early" : "")
        .append('\n');
    result.validation().ifPresent(evaluation -> text.append(line(evaluation)).append('\n'));
    result.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    text.append("wrote ")
        .append(file)
        .append(" (")
        .append(Figures.bytes(bytes()))
        .append(")\nnext: sluice eval ")
        .append(Shell.quote(file.toString()))
        .append(" --data ")
        .append(Shell.quote(data))
        .append('\n');
    return text.toString();
  }

  private static String line(Evaluation evaluation) {
    String quality =
        Double.isNaN(evaluation.accuracy())
            ? "loss " + Figures.compact(evaluation.loss())
            : "accuracy " + Figures.percent(evaluation.accuracy());
    return "validation: "
        + quality
        + ", relative MACs "
        + Figures.share(evaluation.relativeMacs())
        + ", gate ratio "
        + Figures.share(evaluation.gateRatioMean())
        + " ± "
        + Figures.share(evaluation.gateRatioStdDev())
        + " over "
        + Figures.count(evaluation.rows())
        + " rows";
  }

  JsonText json() {
    ModelSpec spec = result.model().spec();
    JsonText json =
        JsonText.object()
            .put("file", file.toString())
            .put("bytes", bytes())
            .put("layers", spec.architecture())
            .put("gated", spec.isGated())
            .put("reason", result.reason().name())
            .put("bestEpoch", result.bestEpoch())
            .put("notes", String.join("; ", result.notes()));
    result
        .validation()
        .ifPresent(evaluation -> json.put("validation", TrainingSummary.json(evaluation)));
    return json.putObjects("epochs", result.history(), TrainingSummary::describe);
  }

  static JsonText json(Evaluation evaluation) {
    return JsonText.object()
        .put("rows", evaluation.rows())
        .put("loss", evaluation.loss())
        .put("accuracy", evaluation.accuracy())
        .put("relativeMacs", evaluation.relativeMacs())
        .put("gateRatioMean", evaluation.gateRatioMean())
        .put("gateRatioStdDev", evaluation.gateRatioStdDev());
  }

  private static void describe(EpochRecord record, JsonText object) {
    object
        .put("epoch", record.epoch())
        .put("trainingLoss", record.trainingLoss())
        .put("trainingAccuracy", record.trainingAccuracy())
        .put("trainingRelativeMacs", record.trainingRelativeMacs())
        .put("validationLoss", record.validationLoss())
        .put("validationAccuracy", record.validationAccuracy())
        .put("relativeMacs", record.relativeMacs())
        .put("gateRatioMean", record.gateRatioMean())
        .put("gateRatioStdDev", record.gateRatioStdDev())
        .put("rowsPerSecond", record.rowsPerSecond())
        .put("learningRate", record.learningRate())
        .put("macWeight", record.macWeight())
        .put("temperature", record.temperature())
        .put("threshold", record.threshold());
  }

  private long bytes() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "model file is gone: path=" + file + ", reason=" + e.getMessage(), e);
    }
  }
}
