package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Matrix;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A teacher's outputs before softmax or sigmoid for every row of a dataset, computed once: the rows do not change between epochs.
final class TeacherOutputs {
  private final MemorySegment values;
  private final long rowBytes;

  private TeacherOutputs(MemorySegment values, long rowBytes) {
    this.values = values;
    this.rowBytes = rowBytes;
  }

  static TeacherOutputs compute(
      Arena arena,
      Kernels kernels,
      Model teacher,
      Dataset dataset,
      TrainingOptions options,
      WorkTeam team) {
    long rowBytes = (long) teacher.spec().outputs() * Float.BYTES;
    MemorySegment values =
        AlignedMemory.allocate(arena, Math.multiplyExact(rowBytes, dataset.rows()));
    TeacherOutputs outputs = new TeacherOutputs(values, rowBytes);
    try (Arena temporary = Arena.ofShared()) {
      Network network =
          NetworkBinding.forAnswers(
              temporary, kernels, teacher.spec(), teacher.weights(), options, team);
      for (int from = 0; from < dataset.rows(); from += options.batchSize()) {
        outputs.compute(network, dataset, from, team);
      }
    }
    return outputs;
  }

  private void compute(Network network, Dataset dataset, int from, WorkTeam team) {
    Batch batch = network.batch();
    batch.set(Math.min(batch.capacity(), dataset.rows() - from), false, 0);
    Matrix input = network.input();
    team.run(
        batch.rowWork(
            (task, fromRow, toRow) -> {
              for (int row = fromRow; row < toRow; row++) {
                dataset.copyFeatures(from + row, input.data(), input.rowOffsetBytes(row));
              }
            }));
    network.forward();
    Matrix output = network.output();
    for (int row = 0; row < batch.rows(); row++) {
      MemorySegment.copy(
          output.data(), output.rowOffsetBytes(row), values, (from + row) * rowBytes, rowBytes);
    }
  }

  void copy(int sourceRow, Matrix into, int row) {
    MemorySegment.copy(
        values, sourceRow * rowBytes, into.data(), into.rowOffsetBytes(row), rowBytes);
  }

  static void requireFit(ModelSpec student, Model teacher) {
    NetworkBinding.requireF32(teacher.weights());
    ModelSpec own = teacher.spec();
    if (own.inputs() != student.inputs()
        || own.outputs() != student.outputs()
        || own.output() != student.output()) {
      throw new IllegalArgumentException(
          "teacher does not fit the model: expected="
              + describe(student)
              + ", actual="
              + describe(own));
    }
  }

  private static String describe(ModelSpec spec) {
    return spec.inputs() + " inputs to " + spec.outputs() + " of " + spec.output().specName();
  }
}
