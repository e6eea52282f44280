package dev.sluice.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SummationOrderTest {
  private static List<Integer> ends(int inputs) {
    List<Integer> ends = new ArrayList<>();
    for (int from = 0; from < inputs; ) {
      from = SummationOrder.chunkEnd(from, inputs);
      ends.add(from);
    }
    return ends;
  }

  @Test
  void productsOfFewInputsAreOneChunk() {
    assertEquals(List.of(), ends(0));
    for (int inputs : new int[] {1, 3, 784, 2047}) {
      assertEquals(List.of(inputs), ends(inputs));
    }
  }

  @Test
  void longProductsAreCutInFoursAndARest() {
    assertEquals(List.of(512, 1024, 1536, 2048), ends(2048));
    assertEquals(List.of(512, 1024, 1536, 2048, 2051), ends(2051));
    assertEquals(List.of(768, 1536, 2304, 3072), ends(3072));
    assertEquals(List.of(1024, 2048, 3072, 4096), ends(4096));
    assertEquals(List.of(512, 1024, 1536, 2048, 2560, 3072, 3584, 4096, 4097), ends(4097));
  }

  @ParameterizedTest
  @ValueSource(ints = {4095, 8195, 100_003, 1_052_671, Integer.MAX_VALUE - 64})
  void chunksCoverAllInputsAndNoneIsTooLong(int inputs) {
    List<Integer> ends = ends(inputs);
    assertEquals(inputs, ends.getLast());
    for (int index = 1; index < ends.size(); index++) {
      int length = ends.get(index) - ends.get(index - 1);
      assertTrue(length > 0 && length <= 1024, "length=" + length);
    }
  }
}
