package dev.sluice.data;

import java.util.function.Supplier;

/// The ways to read one source, each reading only the files it needs.
///
/// @param split for training: both parts
/// @param test for evaluation: the test part of `split`
/// @param rows for prediction: the test part of a standard set, every row of a file of the user's
record LoadedSource(Supplier<DataSplit> split, Supplier<Dataset> test, Supplier<Dataset> rows) {
  static LoadedSource standardParts(Supplier<Dataset> train, Supplier<Dataset> test) {
    return new LoadedSource(() -> new DataSplit(train.get(), test.get()), test, test);
  }

  static LoadedSource ofSplit(Supplier<DataSplit> split) {
    Supplier<Dataset> test = () -> split.get().test();
    return new LoadedSource(split, test, test);
  }
}
