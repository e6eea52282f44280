package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.memory.AlignedMemory;
import dev.sluice.model.ExitSpec.Measure;
import dev.sluice.model.OutputForm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/// By hand; entropies from tables of natural logarithms.
class ConfidenceTest {
  private static float of(Measure measure, OutputForm form, float... probabilities) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment values = AlignedMemory.allocateFloats(arena, probabilities.length + 16);
      MemorySegment.copy(probabilities, 0, values, AlignedMemory.FLOAT, 64, probabilities.length);
      return Confidence.of(measure, form, values, 64, probabilities.length);
    }
  }

  @Test
  void classesAreMeasuredAgainstOneAnother() {
    float[] probabilities = {0.3f, 0.5f, 0.2f};
    assertEquals(0.5f, of(Measure.MAX_PROBABILITY, OutputForm.SOFTMAX, probabilities));
    assertEquals(0.2f, of(Measure.MARGIN, OutputForm.SOFTMAX, probabilities), 1e-7f);
    assertEquals(
        1 - 1.0296530f / 1.0986123f, of(Measure.ENTROPY, OutputForm.SOFTMAX, probabilities), 1e-6f);
  }

  @Test
  void theLeastCertainLabelCounts() {
    float[] probabilities = {0.9f, 0.3f};
    assertEquals(0.7f, of(Measure.MAX_PROBABILITY, OutputForm.SIGMOID, probabilities), 1e-7f);
    assertEquals(0.4f, of(Measure.MARGIN, OutputForm.SIGMOID, probabilities), 1e-6f);
    assertEquals(
        1 - 0.6108643f / 0.6931472f, of(Measure.ENTROPY, OutputForm.SIGMOID, probabilities), 1e-6f);
  }

  @Test
  void certainAndSingleClassesAreCertain() {
    for (Measure measure : Measure.values()) {
      assertEquals(1f, of(measure, OutputForm.SOFTMAX, 0, 1, 0));
      assertEquals(1f, of(measure, OutputForm.SOFTMAX, 1));
      assertEquals(1f, of(measure, OutputForm.SIGMOID, 0, 1));
    }
  }

  @Test
  void aNaNReachesNoThreshold() {
    for (Measure measure : Measure.values()) {
      assertEquals(Float.NaN, of(measure, OutputForm.SOFTMAX, 1, Float.NaN));
      assertEquals(Float.NaN, of(measure, OutputForm.SIGMOID, Float.NaN, 1));
    }
  }

  @Test
  void valuesThatAreNoProbabilitiesAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> of(Measure.MARGIN, OutputForm.IDENTITY, 1, 2));
  }
}
