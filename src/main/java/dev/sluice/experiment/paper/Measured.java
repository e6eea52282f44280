package dev.sluice.experiment.paper;

import dev.sluice.data.Dataset;
import dev.sluice.experiment.Score;
import dev.sluice.model.Model;

/// A finished network and the rows that its figures are taken from.
///
/// @param score of `model` on `test`
/// @param training where ranges of features come from
/// @param batchRows rows of a training batch, the size at which capacity is counted
/// @param seed of the run, and so of all that figures draw
public record Measured(
    Model model, Score score, Dataset training, Dataset test, int batchRows, long seed) {}
