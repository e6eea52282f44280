package dev.sluice.data;

import java.nio.file.Path;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Reads text tables (CSV and the like) into standardised, one-hot coded rows; see [CsvSchema] for
/// what becomes of a column.
///
/// A column is numeric if every training cell that is not missing is a number, else a category. The
/// schema is fitted on training rows alone. A file is read twice, to fit and to encode; in memory
/// are the encoded rows only.
public final class CsvReader {
  private CsvReader() {}

  /// Fits a schema on all rows of `file`.
  ///
  /// @throws DatasetException names path, line and column of what does not fit
  public static CsvSchema fit(Path file, CsvOptions options) {
    return fit(file, options, row -> true);
  }

  private static CsvSchema fit(Path file, CsvOptions options, LongPredicate isTraining) {
    try (CsvTable table = CsvTable.open(file, options, null)) {
      return CsvFitter.fit(table, options, isTraining);
    }
  }

  /// Encodes all rows of `file` with a fitted schema. With a header, columns are found by name and
  /// further ones are passed over; without, by position. The label may be absent: the dataset is
  /// then not [Dataset#labelled].
  public static FloatDataset read(String name, Path file, CsvSchema schema, CsvOptions options) {
    try (CsvTable table = CsvTable.open(file, options, schema)) {
      CsvEncoder encoder = new CsvEncoder(table, schema, options);
      for (CsvTable.Row row = table.next(); row != null; row = table.next()) {
        encoder.add(row);
      }
      return encoder.dataset(name);
    }
  }

  /// Fits on `train` unless a schema is given, and encodes both files.
  public static DataSplit split(
      String name,
      Path train,
      CsvOptions trainOptions,
      Path test,
      CsvOptions testOptions,
      @Nullable CsvSchema given) {
    CsvSchema schema = given == null ? fit(train, trainOptions) : given;
    FloatDataset testRows = read(name + "/test", test, schema, testOptions);
    if (!testRows.labelled()) {
      throw new DatasetException("csv test file has no label column: path=" + test);
    }
    return new DataSplit(read(name + "/train", train, schema, trainOptions), testRows);
  }

  /// Holds out each row of `file` for the test part with probability `share`, by a hash of `seed`
  /// and the row's index, and fits on the others unless a schema is given.
  public static DataSplit holdOut(
      String name,
      Path file,
      double share,
      long seed,
      CsvOptions options,
      @Nullable CsvSchema given) {
    if (!(share > 0 && share < 1)) {
      throw new DatasetException("test share out of range: share=" + share + ", expected=0..1");
    }
    LongPredicate isTraining = row -> SplitMix64.at(seed, row).nextFloat() >= share;
    CsvSchema schema = given == null ? fit(file, options, isTraining) : given;
    try (CsvTable table = CsvTable.open(file, options, schema)) {
      CsvEncoder train = new CsvEncoder(table, schema, options);
      CsvEncoder test = new CsvEncoder(table, schema, options);
      long index = 0;
      for (CsvTable.Row row = table.next(); row != null; row = table.next()) {
        (isTraining.test(index++) ? train : test).add(row);
      }
      return new DataSplit(train.dataset(name + "/train"), test.dataset(name + "/test"));
    }
  }
}
