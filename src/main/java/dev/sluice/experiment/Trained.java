package dev.sluice.experiment;

import dev.sluice.model.Model;
import dev.sluice.train.Evaluation;
import dev.sluice.train.TrainingResult;
import java.util.List;

/// What a method made of a setting.
///
/// @param model in memory of its own, the caller's to close
/// @param validationAccuracy of the model as it is, on the rows that chose its epoch and its thresholds
/// @param notes what the reader of a record should know: `mac budget missed: budget=0.250, reached=0.291`
public record Trained(Model model, double validationAccuracy, List<String> notes) {
  public Trained {
    notes = List.copyOf(notes);
  }

  static Trained of(TrainingResult result) {
    double accuracy = result.validation().map(Evaluation::accuracy).orElse(Double.NaN);
    return new Trained(result.model(), accuracy, result.notes());
  }
}
