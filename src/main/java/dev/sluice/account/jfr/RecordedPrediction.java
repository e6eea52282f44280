package dev.sluice.account.jfr;

/// A prediction that is under way and will be in a recording.
public interface RecordedPrediction {
  /// @param architecture of the network, for instance `784-512-10`
  /// @param stage that answered, 0 for a network of one stage
  void end(String architecture, int stage, long executedMacs, long structuralMacs, long denseMacs);
}
