package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Matrix;
import dev.sluice.model.ModelSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A [Teacher]'s outputs before softmax or sigmoid for every variant of every row of a dataset, computed once. Any number of
/// trainings, also at the same time, may use them; to be closed after the last.
public final class TeacherAnswers implements AutoCloseable {
  private final Arena arena;
  private final ModelSpec spec;
  private final int rows;
  private final String dataHash;
  private final Augmentation augmentation;
  private final long seed;
  private final String provenance;
  private final long answerBytes;

  /// (rows, variants, outputs)
  private final MemorySegment values;

  TeacherAnswers(
      Arena arena,
      ModelSpec spec,
      Dataset dataset,
      Augmentation augmentation,
      long seed,
      String provenance) {
    this.arena = arena;
    this.spec = spec;
    this.rows = dataset.rows();
    this.dataHash = dataset.contentHash();
    this.augmentation = augmentation;
    this.seed = seed;
    this.provenance = provenance;
    this.answerBytes = (long) spec.outputs() * Float.BYTES;
    this.values = AlignedMemory.allocate(arena, Math.multiplyExact(answerBytes, count()));
  }

  /// Rows times variants.
  long count() {
    return (long) rows * augmentation.variants();
  }

  int variants() {
    return augmentation.variants();
  }

  int outputs() {
    return spec.outputs();
  }

  /// Of the models that answered.
  String provenance() {
    return provenance;
  }

  /// Keeps row `from` of a batch as answer `index`, which is `row · variants + variant`.
  void keep(long index, Matrix batch, int from) {
    MemorySegment.copy(
        batch.data(), batch.rowOffsetBytes(from), values, index * answerBytes, answerBytes);
  }

  void keep(long index, int output, double value) {
    values.set(
        AlignedMemory.FLOAT, index * answerBytes + (long) output * Float.BYTES, (float) value);
  }

  void copy(int row, int variant, Matrix into, int toRow) {
    long index = (long) row * augmentation.variants() + variant;
    MemorySegment.copy(
        values, index * answerBytes, into.data(), into.rowOffsetBytes(toRow), answerBytes);
  }

  /// Refuses a training whose rows or variants are not those answered.
  void requireFit(ModelSpec student, Dataset training, TrainingOptions options) {
    Teacher.requireSame("teacher does not fit the model", student, spec);
    if (training.rows() != rows) {
      throw misfit("rows", training.rows(), rows);
    }
    if (!options.augmentation().equals(augmentation)) {
      throw misfit("augmentation", options.augmentation(), augmentation);
    }
    if (!augmentation.isNone() && options.seed() != seed) {
      throw misfit("seed", options.seed(), seed);
    }
    if (!training.contentHash().equals(dataHash)) {
      throw misfit("data", training.contentHash(), dataHash);
    }
  }

  private static IllegalArgumentException misfit(String what, Object expected, Object actual) {
    return new IllegalArgumentException(
        "teacher answers are of another training: "
            + what
            + ", expected="
            + expected
            + ", actual="
            + actual);
  }

  /// Frees the memory.
  ///
  /// @throws IllegalStateException if that was done before
  @Override
  public void close() {
    arena.close();
  }
}
