package dev.sluice.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.runtime.PlannedStep;
import dev.sluice.runtime.StepKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What is made of times, with times made up.
class TimeBooksTest {
  private static final Map<MacCount.Kind, Double> QUARTER =
      Map.of(MacCount.Kind.PANEL, 0.2, MacCount.Kind.GATE, 0.05);

  private static final SpeedUpSpread SPREAD = new SpeedUpSpread(8, 3, 4);

  private static TimeParts parts(Map<TimePart, Double> parts) {
    return new TimeParts(parts, List.of());
  }

  @Test
  void aStepTakesWhatPredictionsTakeLongerWithIt() {
    List<PlannedStep> steps =
        List.of(
            new PlannedStep(0, StepKind.GATE),
            new PlannedStep(0, StepKind.ROUTING),
            new PlannedStep(0, StepKind.PANEL),
            new PlannedStep(1, StepKind.PANEL),
            new PlannedStep(1, StepKind.OUTPUT));
    TimeParts parts = TimeParts.of(steps, new double[] {10, 15, 14, 40, 70, 71}, 2);
    assertEquals(10, parts.nanos(TimePart.CALLS));
    assertEquals(5, parts.nanos(TimePart.GATES));
    // nothing is cut off at 0
    assertEquals(-1, parts.nanos(TimePart.GATE_DECISIONS));
    assertEquals(26 + 30, parts.nanos(TimePart.PANELS));
    assertEquals(1, parts.nanos(TimePart.OUTPUT));
    assertEquals(0, parts.nanos(TimePart.EXITS));
    assertEquals(30, parts.layerNanos(0));
    assertEquals(31, parts.layerNanos(1));
    assertEquals(71, parts.sum());
  }

  @Test
  void partsAddUpIfTheyAreWithinATwentiethOfBothWholes() {
    TimeParts parts = parts(Map.of(TimePart.PANELS, 70.0, TimePart.GATES, 26.0));
    TimeParts dense = parts(Map.of(TimePart.PANELS, 300.0));
    MacShares shares = new MacShares(QUARTER);
    assertTrue(new TimeBooks(100, 310, SPREAD, shares, parts, dense).addsUp());
    assertFalse(new TimeBooks(102, 310, SPREAD, shares, parts, dense).addsUp());
    assertFalse(new TimeBooks(91, 310, SPREAD, shares, parts, dense).addsUp());
    assertFalse(new TimeBooks(100, 320, SPREAD, shares, parts, dense).addsUp());
  }

  @Test
  void theWayFromPromisedToMeasuredIsWorkedOutByHand() {
    TimeParts parts =
        parts(Map.of(TimePart.PANELS, 70.0, TimePart.GATES, 20.0, TimePart.GATE_DECISIONS, 6.0));
    TimeParts dense = parts(Map.of(TimePart.PANELS, 280.0, TimePart.CALLS, 12.0));
    TimeBooks time = new TimeBooks(100, 300, SPREAD, new MacShares(QUARTER), parts, dense);
    assertEquals(4, time.promisedSpeedUp(), 1e-12);
    assertEquals(3, time.measuredSpeedUp(), 1e-12);
    Bridge bridge = time.bridge();
    assertEquals(75, bridge.promisedNanos(), 1e-9);
    assertEquals(100, bridge.measuredNanos(), 1e-9);
    assertEquals(70 - 0.2 * 280, difference(bridge, TimePart.PANELS), 1e-9);
    assertEquals(20 - 0.05 * 280, difference(bridge, TimePart.GATES), 1e-9);
    assertEquals(6, difference(bridge, TimePart.GATE_DECISIONS), 1e-9);
    assertEquals(-0.25 * 12, difference(bridge, TimePart.CALLS), 1e-9);
    Bridge.Item rest = bridge.items().getLast();
    assertEquals(4 - 0.25 * 8, rest.differenceNanos(), 1e-9);
  }

  private static double difference(Bridge bridge, TimePart part) {
    return bridge.items().stream()
        .filter(item -> item.part() == part)
        .mapToDouble(Bridge.Item::differenceNanos)
        .sum();
  }

  @Test
  void promisedTimeAndAllDifferencesComeToTheMeasuredTimeWhateverTheTimes() {
    for (long seed = 1; seed <= 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Map<MacCount.Kind, Double> shares = new EnumMap<>(MacCount.Kind.class);
      for (MacCount.Kind kind : MacCount.Kind.values()) {
        shares.put(kind, random.nextDouble());
      }
      double dense = random.nextDouble(1, 1e6);
      double nanos = random.nextDouble(1, 1e6);
      MacShares promise = new MacShares(shares);
      TimeBooks time =
          new TimeBooks(nanos, dense, SPREAD, promise, randomParts(random), randomParts(random));
      Bridge bridge = time.bridge();
      String where = "seed=" + seed;
      double way = dense / time.promisedSpeedUp();
      assertEquals(way, bridge.promisedNanos(), 1e-3, where);
      for (Bridge.Item item : bridge.items()) {
        way += item.differenceNanos();
      }
      assertEquals(nanos, way, 1e-3, where);
      assertEquals(nanos, bridge.measuredNanos(), 1e-3, where);
    }
  }

  private static TimeParts randomParts(SplittableRandom random) {
    Map<TimePart, Double> parts = new EnumMap<>(TimePart.class);
    for (TimePart part : TimePart.values()) {
      parts.put(part, random.nextDouble(-1e3, 1e5));
    }
    return parts(parts);
  }

  @Test
  void sharesOfMacsAreStructuralOnesOverDense() {
    MacCounter macs = new MacCounter(2);
    macs.add(MacCount.Kind.PANEL, 0, 100, 7, 50);
    macs.add(MacCount.Kind.PANEL, 1, 40, 0);
    macs.add(MacCount.Kind.GATE, 0, 20, 3, 5);
    macs.addPrunedNotSkipped(1, 10);
    MacShares shares = MacShares.of(macs, 1000);
    assertEquals((100 + 40 + 50 - 10) / 1000.0, shares.of(MacCount.Kind.PANEL), 1e-12);
    assertEquals(25 / 1000.0, shares.of(MacCount.Kind.GATE), 1e-12);
    assertEquals(macs.structuralMacs() / 1000.0, shares.relativeMacs(), 1e-12);
  }

  /// Quarters between 1, 2, 4, 5 and 9, which are in place 0 to 4; of two rounds a quarter of the way between them.
  @Test
  void theSpreadOfASpeedUpIsTheMiddleHalfOfItsRounds() {
    double[] nanos = {10, 10, 10, 10, 10};
    double[] denseNanos = {50, 20, 90, 10, 40};
    assertEquals(new SpeedUpSpread(5, 2, 5), SpeedUpSpread.of(nanos, denseNanos));
    assertEquals(
        new SpeedUpSpread(2, 1.5, 2.5),
        SpeedUpSpread.of(new double[] {10, 10}, new double[] {30, 10}));
  }

  @Test
  void thereAreEightRoundsHoweverLongTheyTake() {
    long aDay = 86_400_000_000_000L;
    assertTrue(TimeMeasurement.isToGoOn(7, aDay));
    assertFalse(TimeMeasurement.isToGoOn(8, aDay));
    assertTrue(TimeMeasurement.isToGoOn(8, 0));
    assertFalse(TimeMeasurement.isToGoOn(1_000_000, 0));
  }
}
