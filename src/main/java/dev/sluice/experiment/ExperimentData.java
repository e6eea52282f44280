package dev.sluice.experiment;

import dev.sluice.data.DataSplit;
import dev.sluice.data.Dataset;

/// The rows of an experiment.
///
/// @param name as it was asked for
/// @param training validation rows included
/// @param test looked at when a network is finished
public record ExperimentData(String name, Dataset training, Dataset test) {
  public ExperimentData {
    if (training.classes() < 2) {
      throw new IllegalArgumentException(
          "experiments need classes to compare accuracies: data="
              + name
              + ", classes="
              + training.classes());
    }
  }

  public static ExperimentData of(String name, DataSplit split) {
    return new ExperimentData(name, split.train(), split.test());
  }
}
