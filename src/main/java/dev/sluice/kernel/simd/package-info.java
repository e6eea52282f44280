/// The operations with the JDK's Vector API: the only code that names `jdk.incubator.vector`.
///
/// Uses `memory`, `kernel`. Each class is written once for any vector width and loaded once per width by
/// [dev.sluice.kernel.simd.SimdKernels], which is where to start.
@NullMarked
package dev.sluice.kernel.simd;

import org.jspecify.annotations.NullMarked;
