/// The account against measurement: whether what a model's MACs are said to be is what its kernels execute, and where time goes.
///
/// Uses `memory`, `kernel`, `account`, `model`, `runtime`, `data`, `train`. Start with [dev.sluice.audit.Books], and [dev.sluice.audit.TimeBooks] for times.
@NullMarked
package dev.sluice.audit;

import org.jspecify.annotations.NullMarked;
