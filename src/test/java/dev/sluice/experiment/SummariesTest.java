package dev.sluice.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SummariesTest {
  private static final Optional<Latencies> TIMES = Optional.of(new Latencies(30_000, 4_000, 5_000));

  /// Method a looks better on test rows, b on validation rows.
  private static List<Summary> rows() {
    return Summaries.of(
        List.of(
            Records.of("a", 0.1, 1, 0.971, 0.96, 0.1, TIMES),
            Records.of("a", 0.1, 2, 0.975, 0.96, 0.1, Optional.empty()),
            Records.of("b", 0.1, 1, 0.960, 0.97, 0.09, Optional.empty()),
            Records.of("a", 0.3, 1, 0.970, 0.96, 0.3, Optional.empty())));
  }

  private static Summary row(String method, double budget) {
    return rows().stream()
        .filter(row -> row.method().equals(method) && row.budget() == budget)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void rowsAreTheDenseNetworkThenByBudgetTheEqualMacOneAndTheMethods() {
    assertEquals(
        List.of("dense", "equal-mac", "a", "b", "equal-mac", "a"),
        rows().stream().map(Summary::method).toList());
  }

  @Test
  void spreadsAreOverSeedsAndDifferencesArePaired() {
    Summary a = row("a", 0.1);
    assertEquals(0.973, a.accuracy().mean(), 1e-12);
    // ±0.002 about the mean: √(2·0.002² / 1)
    assertEquals(0.002 * Math.sqrt(2), a.accuracy().standardDeviation(), 1e-12);
    // 0.971 − 0.951 and 0.975 − 0.952
    assertEquals(0.0215, a.overEqualMac().mean(), 1e-12);
    assertEquals(-0.007, a.overDense().mean(), 1e-12);
    assertTrue(Double.isNaN(row("b", 0.1).accuracy().standardDeviation()));
    assertEquals(0.9515, row("equal-mac", 0.1).accuracy().mean(), 1e-12);
    assertEquals(2, row("dense", 1).accuracy().count());
  }

  @Test
  void latenciesAreOfThoseMeasured() {
    assertEquals(6, row("a", 0.1).speedup().mean(), 1e-12);
    assertEquals(7.5, row("equal-mac", 0.1).speedup().mean(), 1e-12);
    assertEquals(30_000, row("dense", 1).latencyNanos().mean(), 1e-12);
    assertTrue(Double.isNaN(row("b", 0.1).speedup().mean()));
  }

  @Test
  void theWinnerIsChosenByValidationRows() {
    assertTrue(row("b", 0.1).isWinner());
    assertFalse(row("a", 0.1).isWinner());
    assertTrue(row("a", 0.3).isWinner());
    assertFalse(row("equal-mac", 0.1).isWinner());
  }

  @Test
  void theFrontHasWhatNothingBeats() {
    assertTrue(row("dense", 1).isOnFront());
    assertTrue(row("a", 0.1).isOnFront());
    assertTrue(row("b", 0.1).isOnFront());
    assertFalse(row("a", 0.3).isOnFront());
    assertFalse(row("equal-mac", 0.1).isOnFront());
  }

  @Test
  void paretoFrontByHand() {
    assertEquals(
        List.of(true, false, true, true, false, false, true),
        ParetoFront.of(
            List.of(
                new ParetoFront.Point(1, 1),
                new ParetoFront.Point(2, 1),
                new ParetoFront.Point(2, 3),
                new ParetoFront.Point(2, 3),
                new ParetoFront.Point(3, 2),
                new ParetoFront.Point(0, Double.NaN),
                new ParetoFront.Point(4, 4))));
  }

  @Test
  void noRecordsHaveNoRows() {
    assertEquals(List.of(), Summaries.of(List.of()));
  }
}
