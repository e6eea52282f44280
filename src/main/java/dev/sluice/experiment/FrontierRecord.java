package dev.sluice.experiment;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is known of one network of a frontier; `docs/FRONTIER.md` explains every figure. Accuracies are shares.
///
/// @param dataset as it was asked for
/// @param budget relative MACs that were asked for
/// @param layers the network's widths
/// @param relativeMacs structural MACs of a test row, gates and all else counted, over those of the reference
/// @param score of the test rows
/// @param denseAccuracy of the reference network of this seed
/// @param equalMacAccuracy of the plain dense network of the budget's MACs, of this seed
/// @param latency with zero skipping off in all networks; empty until it is measured
/// @param latencySkipping with zero skipping on in all networks
/// @param seconds that training took
public record FrontierRecord(
    String dataset,
    Cell cell,
    String layers,
    double validationAccuracy,
    double relativeMacs,
    Score score,
    double denseAccuracy,
    double equalMacAccuracy,
    double equalMacRelativeMacs,
    String equalMacLayers,
    Optional<Latencies> latency,
    Optional<Latencies> latencySkipping,
    double seconds,
    Map<String, String> versions,
    Map<String, String> settings,
    List<String> notes) {
  public FrontierRecord {
    notes = List.copyOf(notes);
  }

  FrontierRecord withLatencies(Latencies measured, Latencies skipping) {
    return new FrontierRecord(
        dataset,
        cell,
        layers,
        validationAccuracy,
        relativeMacs,
        score,
        denseAccuracy,
        equalMacAccuracy,
        equalMacRelativeMacs,
        equalMacLayers,
        Optional.of(measured),
        Optional.of(skipping),
        seconds,
        versions,
        settings,
        notes);
  }
}
