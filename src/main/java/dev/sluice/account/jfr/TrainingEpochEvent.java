package dev.sluice.account.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("dev.sluice.TrainingEpoch")
@Label("Training Epoch")
@Category("Sluice")
@Description("The end of an epoch; figures of training rows are means over its steps")
@StackTrace(false)
final class TrainingEpochEvent extends Event {
  @Label("Epoch")
  @Description("From 1")
  int epoch;

  @Label("Training Loss")
  double trainingLoss;

  @Label("Training Accuracy")
  @Description("NaN for regression")
  double trainingAccuracy;

  @Label("Training Relative MACs")
  double trainingRelativeMacs;

  @Label("Validation Loss")
  @Description("NaN without validation rows")
  double validationLoss;

  @Label("Validation Accuracy")
  @Description("NaN without validation rows and for regression")
  double validationAccuracy;

  @Label("Validation Relative MACs")
  @Description("NaN without validation rows")
  double validationRelativeMacs;

  @Label("Rows per Second")
  @Description("Trained, evaluation left out")
  double rowsPerSecond;
}
