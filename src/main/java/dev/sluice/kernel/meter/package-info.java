/// Floating-point operations as measured: the kernels' own classes, loaded once more with counters among their instructions.
///
/// Uses `memory`, `kernel`. Start with [dev.sluice.kernel.meter.FlopMeter].
@NullMarked
package dev.sluice.kernel.meter;

import org.jspecify.annotations.NullMarked;
