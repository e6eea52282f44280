package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.data.Dataset;
import dev.sluice.data.FloatDataset;
import dev.sluice.model.OutputForm;
import org.junit.jupiter.api.Test;

class AnswerLossTest {
  private static final float[] FEATURE = {0f};

  private static Dataset labelled(int label, int classes) {
    return FloatDataset.classification("rows", FEATURE, 1, new int[] {label}, classes);
  }

  private static Dataset targets(float... targets) {
    return FloatDataset.regression("rows", FEATURE, 1, targets, targets.length);
  }

  private static double loss(OutputForm form, Dataset data, float... logits) {
    return AnswerLoss.of(form, data, 0, logits, new float[logits.length]);
  }

  /// e^2 / (e^2 + 2) = .78698604, e^0 / … = .10650698.
  @Test
  void softmaxIsTheNegativeLogarithmOfTheRightClass() {
    Dataset first = labelled(0, 3);
    assertEquals(-Math.log(0.78698604), loss(OutputForm.SOFTMAX, first, 2, 0, 0), 1e-7);
    assertEquals(-Math.log(0.10650698), loss(OutputForm.SOFTMAX, labelled(2, 3), 2, 0, 0), 1e-7);
    assertEquals(2000, loss(OutputForm.SOFTMAX, labelled(1, 3), 1000, -1000, 0), 1e-9);
  }

  /// σ(2) = .88079708.
  @Test
  void sigmoidsAreMeansOverIndependentLabels() {
    assertEquals(-Math.log(0.88079708), loss(OutputForm.SIGMOID, labelled(1, 2), 2), 1e-7);
    assertEquals(-Math.log(0.11920292), loss(OutputForm.SIGMOID, labelled(0, 2), 2), 1e-7);
    double mean = (-Math.log(0.88079708) - Math.log(0.5)) / 2;
    assertEquals(mean, loss(OutputForm.SIGMOID, targets(1, 0), 2, 0), 1e-7);
    assertEquals(mean, loss(OutputForm.SIGMOID, labelled(0, 2), 2, 0), 1e-7);
    assertEquals(1000, loss(OutputForm.SIGMOID, targets(0), 1000), 1e-9);
  }

  @Test
  void regressionIsTheMeanSquaredError() {
    assertEquals((4 + 9) / 2.0, loss(OutputForm.IDENTITY, targets(1, 2), 3, -1));
  }
}
