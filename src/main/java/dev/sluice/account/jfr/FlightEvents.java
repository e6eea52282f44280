package dev.sluice.account.jfr;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/// Events, where there is a Flight Recorder and it wants them; elsewhere nothing happens.
///
/// What not recording costs: [#recordsPredictions] is the field that `FlightRecorder.isInitialized()` returns, read and compared, as long as the JVM has recorded nothing; no
/// event class is loaded before, which would register it and start half of the recorder. Once the JVM has recorded, the switch is that of the event type,
/// through one instance kept for the purpose: asking a fresh event, the usual way, allocates until the JIT finds out that it need not. Without the module
/// `jdk.jfr` the constant below is false and the JIT leaves all out; no class of the module is then ever looked for.
public final class FlightEvents {
  private static final boolean IS_PRESENT =
      ModuleLayer.boot()
          .findModule("jdk.jfr")
          .filter(FlightEvents.class.getModule()::canRead)
          .isPresent();

  private FlightEvents() {}

  /// Whether a recording that runs has predictions switched on.
  public static boolean recordsPredictions() {
    return isRecording() && PredictionEvent.isSwitchedOn();
  }

  /// Of how many predictions one is to be recorded, 1 or more.
  public static int predictionPeriod() {
    return isRecording() ? PredictionPeriod.current() : PredictionPeriod.STANDARD;
  }

  /// Starts the time of a prediction.
  ///
  /// @return null if it is not recorded
  public static @Nullable RecordedPrediction beginPrediction() {
    return isRecording() ? PredictionEvent.begun() : null;
  }

  /// Starts the time of opening a model.
  ///
  /// @return null if it is not recorded
  public static @Nullable RecordedOpening beginModelOpen() {
    return isRecording() ? ModelOpenEvent.begun() : null;
  }

  /// Records that an epoch of a training has ended. NaN are accuracies of regressions, and validation figures without validation rows.
  public static void trainingEpoch(
      int epoch,
      double trainingLoss,
      double trainingAccuracy,
      double trainingRelativeMacs,
      double validationLoss,
      double validationAccuracy,
      double validationRelativeMacs,
      double rowsPerSecond) {
    if (isRecording()) {
      TrainingEpochEvent event = new TrainingEpochEvent();
      event.epoch = epoch;
      event.trainingLoss = trainingLoss;
      event.trainingAccuracy = trainingAccuracy;
      event.trainingRelativeMacs = trainingRelativeMacs;
      event.validationLoss = validationLoss;
      event.validationAccuracy = validationAccuracy;
      event.validationRelativeMacs = validationRelativeMacs;
      event.rowsPerSecond = rowsPerSecond;
      event.commit();
    }
  }

  private static boolean isRecording() {
    return IS_PRESENT && FlightRecorder.isInitialized();
  }
}
