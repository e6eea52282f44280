/// One request's way: a model bound to kernels and memory, its open blocks executed, what that cost counted; and what makes the first requests
/// as quick as the later ones.
///
/// Uses `memory`, `kernel`, `account`, `gate`, `model`, `format` (to write files whole). Start with [dev.sluice.runtime.Predictor]; behind it a
/// `Plan` is the list of steps that one row takes. `docs/ACCOUNTING.md` says what is counted.
@NullMarked
package dev.sluice.runtime;

import org.jspecify.annotations.NullMarked;
