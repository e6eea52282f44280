/// Published settings, run with their own definitions, and what was published of them.
///
/// A paper is one class that implements [dev.sluice.experiment.paper.Paper], and one line in [dev.sluice.experiment.paper.Papers].
@NullMarked
package dev.sluice.experiment.paper;

import org.jspecify.annotations.NullMarked;
