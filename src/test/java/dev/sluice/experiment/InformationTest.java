package dev.sluice.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class InformationTest {
  @Test
  void entropyOfEqualCountsIsTheLogarithmOfTheirNumber() {
    assertEquals(2, Information.entropy(new int[] {5, 5, 5, 5}), 1e-12);
    assertEquals(0, Information.entropy(new int[] {0, 7, 0}), 1e-12);
    assertEquals(0, Information.entropy(new int[] {0, 0}), 0);
  }

  @Test
  void aDecisionThatIsTheLabelKnowsAllOfIt() {
    assertEquals(1, Information.mutual(List.of(new int[] {8, 0}, new int[] {0, 8})), 1e-12);
  }

  @Test
  void anIndependentDecisionKnowsNothing() {
    assertEquals(0, Information.mutual(List.of(new int[] {2, 6}, new int[] {1, 3})), 1e-12);
  }

  @Test
  void aPartlyTellingDecisionIsBetween() {
    // H(B) = 1; a = 0: (3, 1), a = 1: (1, 3), each with H = 2 − ¾·log2 3
    double conditional = 2 - 0.75 * Math.log(3) / Math.log(2);
    assertEquals(
        1 - conditional, Information.mutual(List.of(new int[] {3, 1}, new int[] {1, 3})), 1e-12);
  }
}
