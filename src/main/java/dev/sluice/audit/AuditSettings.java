package dev.sluice.audit;

import dev.sluice.kernel.Kernels;
import dev.sluice.runtime.Budget;
import dev.sluice.runtime.ZeroSkipping;

/// What is audited, and how.
///
/// @param kernels like which the metered ones are, and which are timed
/// @param zeroSkipping of single rows; batches skip none
/// @param budget of every row; one in time is settled once, for all that runs
/// @param batchRows of a batch, 0 for none: rows alone
/// @param times whether to time the model and its dense twin, which takes seconds
/// @param hardware whether to ask the processor's counters
public record AuditSettings(
    Kernels kernels,
    ZeroSkipping zeroSkipping,
    Budget budget,
    int batchRows,
    boolean times,
    boolean hardware) {
  public AuditSettings {
    if (batchRows < 0) {
      throw new IllegalArgumentException("rows of a batch are negative: batchRows=" + batchRows);
    }
  }

  /// The books of single rows and nothing else.
  public static AuditSettings of(Kernels kernels) {
    return new AuditSettings(kernels, ZeroSkipping.standard(), Budget.none(), 0, false, false);
  }

  AuditSettings withZeroSkipping(ZeroSkipping other) {
    return new AuditSettings(kernels, other, budget, batchRows, times, hardware);
  }

  public AuditSettings withBudget(Budget other) {
    return new AuditSettings(kernels, zeroSkipping, other, batchRows, times, hardware);
  }
}
