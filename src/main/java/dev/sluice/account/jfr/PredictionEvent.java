package dev.sluice.account.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.SettingDefinition;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

@Name("dev.sluice.Prediction")
@Label("Prediction")
@Category("Sluice")
@Description("One of every so many single-row predictions, and the MACs it took")
@StackTrace(false)
final class PredictionEvent extends Event implements RecordedPrediction {
  private static final PredictionEvent SWITCH = new PredictionEvent();

  @Label("Architecture")
  String architecture = "";

  @Label("Stage")
  @Description("The stage that answered, 0 for a network of one stage")
  int stage;

  @Label("Executed MACs")
  @Description("Multiplied, gates included, padding left out")
  long executedMacs;

  @Label("Structural MACs")
  @Description("Executed MACs and those skipped as zero, without dead tiles")
  long structuralMacs;

  @Label("Dense MACs")
  @Description("Of the plain network with every block open and no gates")
  long denseMacs;

  @Label("Relative MACs")
  @Description("Structural MACs over dense MACs")
  double relativeMacs;

  static boolean isSwitchedOn() {
    return SWITCH.isEnabled();
  }

  static @Nullable RecordedPrediction begun() {
    PredictionEvent event = new PredictionEvent();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  /// The predictor counts by itself, so that those it leaves out are not timed; here the setting is only declared. (Flight Recorder
  /// has a setting `period` of its own, which would hide one of that name.)
  @SettingDefinition
  @Name("every")
  @Label("Every")
  @Description("Record the first prediction of a predictor and every so many-th after it")
  boolean every(PredictionPeriod setting) {
    return true;
  }

  @Override
  public void end(
      String architecture, int stage, long executedMacs, long structuralMacs, long denseMacs) {
    end();
    if (shouldCommit()) {
      this.architecture = architecture;
      this.stage = stage;
      this.executedMacs = executedMacs;
      this.structuralMacs = structuralMacs;
      this.denseMacs = denseMacs;
      this.relativeMacs = (double) structuralMacs / denseMacs;
      commit();
    }
  }
}
