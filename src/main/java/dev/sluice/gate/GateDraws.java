package dev.sluice.gate;

/// Random numbers of one row of one training step, the same for the same seed on any machine.
public interface GateDraws {
  /// Uniform in [0, 1).
  float uniform(int index);

  /// Standard normal.
  float normal(int index);
}
