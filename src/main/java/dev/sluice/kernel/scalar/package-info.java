/// One plain loop per operation: the readable truth that SIMD must equal bit for bit, and the fallback where there is no SIMD.
///
/// Uses `memory`, `kernel`. Start with [dev.sluice.kernel.scalar.ScalarMatVec].
@NullMarked
package dev.sluice.kernel.scalar;

import org.jspecify.annotations.NullMarked;
