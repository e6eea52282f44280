package dev.sluice.runtime;

/// A part of a batch's way through a network, bound to its operands once; for one kind of kernel
/// each, as with [Step].
sealed interface BatchStep
    permits BatchGatherStep,
        BatchJoinStep,
        BatchScaleStep,
        BatchMixStep,
        BatchProductStep,
        BatchActivationStep,
        BatchGate,
        BatchGroupedProductStep,
        BatchGroupedActivationStep,
        BatchClearClosedStep {
  /// Takes rows `0 … rows-1` along.
  void run(int rows);
}
