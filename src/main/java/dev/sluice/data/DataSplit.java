package dev.sluice.data;

/// The two standard parts of a set. `test` is for the final figure only: validate on a part of
/// `train`, see [Splits].
public record DataSplit(Dataset train, Dataset test) {
  public DataSplit {
    if (train.features() != test.features()
        || train.classes() != test.classes()
        || train.targets() != test.targets()) {
      throw new DatasetException(
          "train and test parts differ in shape: train=" + shape(train) + ", test=" + shape(test));
    }
  }

  private static String shape(Dataset dataset) {
    return dataset.features() + "→" + Math.max(dataset.classes(), dataset.targets());
  }
}
