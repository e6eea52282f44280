package dev.sluice.train;

import dev.sluice.model.Model;
import java.util.List;
import java.util.Optional;

/// A trained network and how it came about.
///
/// @param model in memory of its own, the caller's to close; its gates' temperature and threshold are those of its weights
/// @param history one record per finished epoch
/// @param bestEpoch the epoch whose weights the model has, from 1; 0 if none was finished
/// @param message why training stopped, for instance `training diverged: epoch=3, step=1210, loss=NaN`
/// @param notes what the caller should know though nothing failed, for instance `mac budget missed: budget=0.250, reached=0.291`
/// @param validation of the model as it is, after its gates were calibrated to a budget; empty without validation rows
public record TrainingResult(
    Model model,
    List<EpochRecord> history,
    int bestEpoch,
    StopReason reason,
    String message,
    List<String> notes,
    Optional<Evaluation> validation) {
  public TrainingResult {
    history = List.copyOf(history);
    notes = List.copyOf(notes);
  }
}
