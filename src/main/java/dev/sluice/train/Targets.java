package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.memory.Matrix;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import org.jspecify.annotations.Nullable;

/// What the rows of a batch should come out as.
final class Targets {
  private final int outputs;
  private final OutputForm form;
  private final int[] labels;
  private final float[][] values;
  private final @Nullable Matrix teacher;
  private boolean hasLabels;

  /// @param teacher where a teacher's outputs of the batch are put (rows, outputs), null without one
  Targets(ModelSpec spec, int rows, @Nullable Matrix teacher) {
    this.outputs = spec.outputs();
    this.form = spec.output();
    this.labels = new int[rows];
    this.values = form == OutputForm.SOFTMAX ? new float[0][] : new float[rows][outputs];
    this.teacher = teacher;
  }

  /// Takes over the target of row `source` of a set that fits, see [#requireFit].
  void load(Dataset dataset, int source, int row) {
    hasLabels = dataset.classes() > 0;
    if (!hasLabels) {
      dataset.copyTargets(source, values[row]);
      return;
    }
    int label = dataset.label(source);
    labels[row] = label;
    if (form == OutputForm.SIGMOID) {
      for (int output = 0; output < outputs; output++) {
        values[row][output] = label == (outputs == 1 ? 1 : output) ? 1f : 0f;
      }
    }
  }

  int outputs() {
    return outputs;
  }

  /// Class of a row of a classification set.
  int label(int row) {
    return labels[row];
  }

  /// Whether the set last loaded has classes.
  boolean hasLabels() {
    return hasLabels;
  }

  /// Wanted value of an output, for the forms identity and sigmoid.
  float value(int row, int output) {
    return values[row][output];
  }

  @Nullable Matrix teacher() {
    return teacher;
  }

  /// Whether the rows of a dataset can be inputs and targets of a network.
  static void requireFit(ModelSpec spec, Dataset dataset) {
    if (dataset.features() != spec.inputs()) {
      throw misfit("features differ from model inputs", dataset, spec.inputs(), dataset.features());
    }
    if (dataset.rows() == 0 || !dataset.labelled()) {
      throw new IllegalArgumentException(
          "data cannot be trained or validated on: data="
              + dataset.name()
              + ", rows="
              + dataset.rows()
              + ", labelled="
              + dataset.labelled());
    }
    boolean isBinary = spec.output() == OutputForm.SIGMOID && spec.outputs() == 1;
    int classes = isBinary ? 2 : spec.outputs();
    if (dataset.classes() > 0 && spec.output() == OutputForm.IDENTITY) {
      throw new IllegalArgumentException(
          "data has classes and the model's output form is identity: data=" + dataset.name());
    }
    if (dataset.classes() > classes) {
      throw misfit("more classes than model outputs", dataset, classes, dataset.classes());
    }
    if (dataset.classes() == 0 && spec.output() == OutputForm.SOFTMAX) {
      throw new IllegalArgumentException(
          "data has no classes and the model's output form is softmax: data=" + dataset.name());
    }
    if (dataset.classes() == 0 && dataset.targets() != spec.outputs()) {
      throw misfit("targets differ from model outputs", dataset, spec.outputs(), dataset.targets());
    }
    if (dataset.classes() == 0 && spec.output() == OutputForm.SIGMOID) {
      requireShares(dataset);
    }
  }

  private static void requireShares(Dataset dataset) {
    float[] targets = new float[dataset.targets()];
    for (int row = 0; row < dataset.rows(); row++) {
      dataset.copyTargets(row, targets);
      for (float target : targets) {
        if (!(target >= 0 && target <= 1)) {
          throw new IllegalArgumentException(
              "target out of range for sigmoid: data="
                  + dataset.name()
                  + ", row="
                  + row
                  + ", target="
                  + target
                  + ", expected=0..1");
        }
      }
    }
  }

  private static IllegalArgumentException misfit(
      String what, Dataset dataset, int expected, int actual) {
    return new IllegalArgumentException(
        what + ": data=" + dataset.name() + ", expected=" + expected + ", actual=" + actual);
  }
}
