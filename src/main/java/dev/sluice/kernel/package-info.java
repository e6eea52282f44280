/// What each numeric operation means: the contract, its two implementations' common ground, active sets.
///
/// Uses `memory`. Start with [dev.sluice.kernel.Kernels] and [dev.sluice.kernel.SummationOrder]; `docs/KERNELS.md` has the dimension letters, the order of
/// summation and the error bounds. [dev.sluice.kernel.KernelProvider] alone knows both implementations.
@NullMarked
package dev.sluice.kernel;

import org.jspecify.annotations.NullMarked;
