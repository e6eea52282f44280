package dev.sluice.experiment;

import dev.sluice.runtime.GateHealth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// Records of a frontier as rows of its table: the dense network, then by budget the equal-MAC one and the methods.
public final class Summaries {
  private static final Spread NONE = new Spread(Double.NaN, Double.NaN, 0);

  private Summaries() {}

  /// @param records of one data set and recipe
  public static List<Summary> of(Collection<FrontierRecord> records) {
    if (records.isEmpty()) {
      return List.of();
    }
    List<Summary> rows = new ArrayList<>();
    rows.add(dense(records));
    Map<Double, List<FrontierRecord>> byBudget =
        records.stream()
            .collect(
                Collectors.groupingBy(
                    record -> record.cell().budget(), TreeMap::new, Collectors.toList()));
    for (List<FrontierRecord> ofBudget : byBudget.values()) {
      rows.add(equalMac(ofBudget));
      ofBudget.stream()
          .collect(
              Collectors.groupingBy(
                  record -> record.cell().method(), TreeMap::new, Collectors.toList()))
          .values()
          .forEach(ofMethod -> rows.add(method(ofMethod)));
    }
    return mark(rows);
  }

  private static Summary method(List<FrontierRecord> records) {
    Cell cell = records.getFirst().cell();
    return new Summary(
        cell.method(),
        cell.budget(),
        spread(records, FrontierRecord::relativeMacs),
        spread(records, record -> record.score().accuracy()),
        spread(records, FrontierRecord::validationAccuracy),
        spread(records, record -> record.score().accuracy() - record.denseAccuracy()),
        spread(records, record -> record.score().accuracy() - record.equalMacAccuracy()),
        measured(records, Latencies::speedup),
        measured(records, Latencies::model),
        spread(records, record -> ofGates(record, GateHealth::ratioStdDev)),
        spread(records, record -> ofGates(record, GateHealth::commonestShare)),
        false,
        false);
  }

  /// NaN for a network without gates, which cannot collapse.
  private static double ofGates(FrontierRecord record, ToDoubleFunction<GateHealth> figure) {
    GateHealth gates = record.score().gates();
    return gates.layers().isEmpty() ? Double.NaN : figure.applyAsDouble(gates);
  }

  private static Summary dense(Collection<FrontierRecord> records) {
    List<FrontierRecord> seeds = onePerSeed(records);
    return comparator(
        Summary.DENSE,
        1,
        spread(seeds, _ -> 1),
        spread(seeds, FrontierRecord::denseAccuracy),
        NONE,
        measured(records, _ -> 1),
        measured(records, Latencies::dense));
  }

  private static Summary equalMac(List<FrontierRecord> records) {
    List<FrontierRecord> seeds = onePerSeed(records);
    return comparator(
        Summary.EQUAL_MAC,
        records.getFirst().cell().budget(),
        spread(seeds, FrontierRecord::equalMacRelativeMacs),
        spread(seeds, FrontierRecord::equalMacAccuracy),
        spread(seeds, record -> record.equalMacAccuracy() - record.denseAccuracy()),
        measured(records, latencies -> latencies.dense() / latencies.equalMac()),
        measured(records, Latencies::equalMac));
  }

  private static Summary comparator(
      String name,
      double budget,
      Spread relativeMacs,
      Spread accuracy,
      Spread overDense,
      Spread speedup,
      Spread latencyNanos) {
    return new Summary(
        name,
        budget,
        relativeMacs,
        accuracy,
        NONE,
        overDense,
        NONE,
        speedup,
        latencyNanos,
        NONE,
        NONE,
        false,
        false);
  }

  /// The comparators are the same in all records of a seed.
  private static List<FrontierRecord> onePerSeed(Collection<FrontierRecord> records) {
    Map<Long, FrontierRecord> seeds = new LinkedHashMap<>();
    records.forEach(record -> seeds.putIfAbsent(record.cell().seed(), record));
    return List.copyOf(seeds.values());
  }

  private static Spread spread(
      Collection<FrontierRecord> records, ToDoubleFunction<FrontierRecord> figure) {
    return Spread.of(records.stream().mapToDouble(figure));
  }

  private static Spread measured(
      Collection<FrontierRecord> records, ToDoubleFunction<Latencies> figure) {
    double[] values =
        records.stream().flatMap(record -> record.latency().stream()).mapToDouble(figure).toArray();
    return values.length == 0 ? NONE : Spread.of(values);
  }

  private static List<Summary> mark(List<Summary> rows) {
    List<Boolean> front =
        ParetoFront.of(
            rows.stream()
                .map(row -> new ParetoFront.Point(row.relativeMacs().mean(), row.accuracy().mean()))
                .toList());
    List<Summary> marked = new ArrayList<>();
    for (int index = 0; index < rows.size(); index++) {
      Summary row = rows.get(index);
      marked.add(row.marked(isWinner(row, rows), front.get(index)));
    }
    return marked;
  }

  /// Chosen by validation rows: test rows would choose the luckiest.
  private static boolean isWinner(Summary row, List<Summary> rows) {
    return !row.isComparator()
        && rows.stream()
            .filter(other -> !other.isComparator() && other.budget() == row.budget())
            .noneMatch(
                other -> other.validationAccuracy().mean() > row.validationAccuracy().mean());
  }
}
