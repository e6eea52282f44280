/// One training step's way: data to gradients to better panels, on the kernels and the memory that inference runs on.
///
/// Uses `memory`, `kernel`, `account`, `gate`, `model`, `format`, `runtime`, `data`. Starts no thread of its own. Start with
/// [dev.sluice.train.Trainer] and [dev.sluice.train.TrainingOptions]; `docs/TRAINING.md` has the methods and what was learned.
@NullMarked
package dev.sluice.train;

import org.jspecify.annotations.NullMarked;
