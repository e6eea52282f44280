package dev.sluice.runtime;

/// A part of a row's way through a network, bound to its operands once. It reads what earlier steps
/// left in the workspace and in active sets, and nothing else.
///
/// A kind of step calls one kind of kernel. As there are several kinds, the JIT compiles each by
/// itself; kernels gathered in one large method exceed its limits, and what it then leaves out is
/// the vectors of some kernel, which end up boxed.
sealed interface Step
    permits GatherStep,
        JoinStep,
        SelectionStep,
        PanelStep,
        TiledPanelStep,
        ActivationStep,
        DecisionStep,
        ScaleStep,
        MixStep,
        ClearClosedStep {
  void run();
}
