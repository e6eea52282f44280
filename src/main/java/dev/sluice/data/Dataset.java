package dev.sluice.data;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Rows of features with their targets; immutable and thread-safe once made.
///
/// A row or class index out of range is an [IndexOutOfBoundsException], a destination that is too
/// small an [IllegalArgumentException]; both name the values.
public interface Dataset {
  /// For people and run records, for instance `mnist/train`.
  String name();

  int rows();

  /// Length of a row.
  int features();

  /// Classes of a classification set, at least 1; 0 for regression.
  int classes();

  /// Width of the target of a regression row, at least 1; 0 for classification.
  int targets();

  /// Writes the features of `row` as f32 in native (little-endian) order at `offsetBytes`: `4 ·
  /// features()` bytes. NaN and infinities of the source are passed on.
  void copyFeatures(int row, MemorySegment destination, long offsetBytes);

  /// Class index of `row`, in `[0, classes())`.
  ///
  /// @throws UnsupportedOperationException for regression
  /// @throws DatasetException if the set is not [#labelled]
  int label(int row);

  /// Writes the `targets()` target values of `row` to the start of `destination`.
  ///
  /// @throws UnsupportedOperationException for classification
  /// @throws DatasetException if the set is not [#labelled]
  void copyTargets(int row, float[] destination);

  /// SHA-256 over features and labels as stored, lower-case hex: provenance. The same content has
  /// the same hash on every platform, whatever its name.
  String contentHash();

  /// False if the source had no labels or targets, as rows to predict have none.
  default boolean labelled() {
    return true;
  }

  /// The fitted transform that made these features from text columns. A model trained on them must
  /// carry it ([CsvSchema#toJson]) and apply the same one to the rows it predicts.
  default Optional<CsvSchema> schema() {
    return Optional.empty();
  }

  /// How a row is a picture; empty if it is none, or if nobody said so.
  default Optional<ImageShape> imageShape() {
    return Optional.empty();
  }

  /// How these features were made from raw rows of another kind. A model trained on them carries it
  /// ([Preparation#toJson]), and is asked about rows prepared alike only.
  default Optional<Preparation> preparation() {
    return Optional.empty();
  }
}
