package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.kernel.ActiveSet;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GateDecisionTest {
  private static GateDecision decided(
      Granularity granularity, int minimumOpen, int units, int blockSize, float... logits) {
    GateSpec gate = new GateSpec(new LinearGate(), granularity, 1f, 0.5f, minimumOpen);
    GateDecision decision = new GateDecision(gate, units, blockSize);
    // decides from an offset, after something else was open
    float[] padded = new float[logits.length + 1];
    Arrays.fill(padded, 5f);
    decision.decide(MemorySegment.ofArray(padded), 0);
    System.arraycopy(logits, 0, padded, 1, logits.length);
    decision.decide(MemorySegment.ofArray(padded), Float.BYTES);
    return decision;
  }

  private static String openBlocks(int minimumOpen, float... logits) {
    int units = 8 * logits.length;
    return decided(Granularity.BLOCK, minimumOpen, units, 8, logits).openBlocks().toString();
  }

  @Test
  void aLogitAtTheDecisionLogitIsClosed() {
    assertEquals("[1]", openBlocks(0, 0f, Float.MIN_VALUE, -0f, -1f));
  }

  @Test
  void theDecisionLogitIsTemperatureTimesLogitOfThreshold() {
    GateSpec gate = new GateSpec(new LinearGate(), Granularity.BLOCK, 0.2f, 0.97f, 0);
    GateDecision decision = new GateDecision(gate, 16, 8);
    // 0.2·ln(0.97/0.03) = 0.69522
    decision.decide(MemorySegment.ofArray(new float[] {0.6952f, 0.6953f}), 0);
    assertEquals("[1]", decision.openBlocks().toString());
  }

  @Test
  void theMinimumTakesLargestLogitsAndLowerIndexOnTies() {
    assertEquals("[1, 3]", openBlocks(2, -3f, -1f, -3f, -1f, -2f));
    assertEquals("[0, 1, 3]", openBlocks(3, -3f, -1f, -3f, -1f, -4f));
    assertEquals("[0, 1]", openBlocks(2, -0f, 0f, 0f, -0f));
    assertEquals("[2]", openBlocks(1, -2f, -3f, 4f, -1f));
    assertEquals("[0, 2, 3]", openBlocks(3, -2f, -3f, 4f, -1f));
    assertEquals("[0, 1, 2]", openBlocks(3, -2f, -3f, -4f));
  }

  @Test
  void aNanLogitOpensOnlyWhereTheMinimumLeavesNoOther() {
    float nan = Float.NaN;
    assertEquals("[1]", openBlocks(0, nan, 1f, nan));
    assertEquals("[1, 2]", openBlocks(2, nan, 1f, Float.NEGATIVE_INFINITY));
    assertEquals("[0, 1]", openBlocks(2, nan, 1f, nan));
    assertEquals("[0, 1]", openBlocks(2, nan, nan, nan));
    assertEquals("[]", openBlocks(0, nan, nan, nan));
  }

  @Test
  void unitsOfAShortLastBlockEndWithTheLayer() {
    GateDecision decision = decided(Granularity.BLOCK, 0, 11, 8, -1f, 1f);
    assertEquals("[8, 9, 10]", decision.openUnits().toString());
  }

  @Test
  void unitGatesOpenTheBlocksThatHoldThem() {
    float[] logits = new float[19];
    Arrays.fill(logits, -1f);
    logits[3] = 1f;
    logits[6] = 1f;
    logits[18] = 1f;
    GateDecision decision = decided(Granularity.UNIT, 0, 19, 8, logits);
    assertEquals("[3, 6, 18]", decision.openUnits().toString());
    assertEquals("[0, 2]", decision.openBlocks().toString());
  }

  @Test
  void theMinimumAgreesWithAFullSort() {
    for (long seed = 1; seed <= 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int gates = random.nextInt(1, 60);
      int minimumOpen = random.nextInt(gates + 1);
      float[] logits = new float[gates];
      for (int gate = 0; gate < gates; gate++) {
        // few values, so ties are many; all closed, so the minimum decides
        logits[gate] = -random.nextInt(8);
      }
      int[] expected =
          IntStream.range(0, gates)
              .boxed()
              .sorted((a, b) -> Float.compare(0f - logits[a], 0f - logits[b]))
              .limit(minimumOpen)
              .sorted()
              .mapToInt(Integer::intValue)
              .toArray();
      ActiveSet open = decided(Granularity.UNIT, minimumOpen, gates, 8, logits).openGates();
      assertEquals(Arrays.toString(expected), open.toString(), "seed=" + seed);
    }
  }
}
