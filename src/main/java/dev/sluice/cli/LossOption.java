package dev.sluice.cli;

import dev.sluice.data.Dataset;
import dev.sluice.model.OutputForm;
import dev.sluice.train.RegressionLoss;
import java.util.List;
import picocli.CommandLine.Option;

/// What a training minimises, which decides what the last layer's values mean.
final class LossOption {
  private static final double HUBER_DELTA = 1;

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      description =
          "softmax or sigmoid for classes, squared or huber[:DELTA] for regression."
              + " Default: softmax or squared, as the data ask for.")
  private String loss = "";

  OutputForm outputForm(CommonOptions common, Dataset data) {
    boolean classifies = data.classes() > 0;
    OutputForm form = common.option("--loss", () -> named(classifies));
    boolean fits =
        switch (form) {
          case SOFTMAX -> classifies;
          case SIGMOID -> true;
          case IDENTITY -> !classifies;
        };
    if (!fits) {
      throw common.misuse(
          "--loss does not fit the data: loss="
              + loss
              + ", data="
              + data.name()
              + ", classes="
              + data.classes()
              + ", targets="
              + data.targets());
    }
    return form;
  }

  private OutputForm named(boolean classifies) {
    return switch (name()) {
      case "" -> classifies ? OutputForm.SOFTMAX : OutputForm.IDENTITY;
      case "softmax" -> OutputForm.SOFTMAX;
      case "sigmoid" -> OutputForm.SIGMOID;
      case "squared", "huber" -> OutputForm.IDENTITY;
      default ->
          throw OptionTexts.unknown(
              "loss", loss, List.of("softmax", "sigmoid", "squared", "huber"));
    };
  }

  RegressionLoss regressionLoss(CommonOptions common) {
    return common.option(
        "--loss",
        () ->
            name().equals("huber")
                ? new RegressionLoss.Huber(OptionTexts.parameter(loss, HUBER_DELTA))
                : new RegressionLoss.Squared());
  }

  private String name() {
    return loss.startsWith("huber:") ? "huber" : loss;
  }
}
