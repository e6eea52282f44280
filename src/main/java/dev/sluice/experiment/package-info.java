/// Experiments over methods, budgets and seeds: the same data, recipe and comparators for every network, and records of what came out.
///
/// Uses everything below, and Jackson for its files. Start with [dev.sluice.experiment.Frontier]; a new method is one class that implements
/// [dev.sluice.experiment.Method], and one line in [dev.sluice.experiment.Methods].
@NullMarked
package dev.sluice.experiment;

import org.jspecify.annotations.NullMarked;
