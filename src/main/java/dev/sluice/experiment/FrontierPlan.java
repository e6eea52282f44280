package dev.sluice.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a frontier consists of: methods × budgets × seeds.
///
/// @param budgets relative MACs, in (0, 1]
/// @param folder where records and models go
/// @param threads cores to use; any number gives the same records
/// @param latency whether latencies are measured after training
public record FrontierPlan(
    Recipe recipe,
    List<Method> methods,
    List<Double> budgets,
    List<Long> seeds,
    Path folder,
    int threads,
    boolean latency) {
  public FrontierPlan {
    methods = List.copyOf(methods);
    budgets = budgets.stream().distinct().toList();
    seeds = seeds.stream().distinct().toList();
    for (double budget : budgets) {
      if (!(budget > 0 && budget <= 1)) {
        throw new IllegalArgumentException(
            "budget out of range: budget=" + budget + ", expected=above 0 to 1");
      }
    }
    if (methods.isEmpty() || budgets.isEmpty() || seeds.isEmpty() || threads < 1) {
      throw new IllegalArgumentException(
          "frontier is empty: methods="
              + methods.size()
              + ", budgets="
              + budgets.size()
              + ", seeds="
              + seeds.size()
              + ", threads="
              + threads);
    }
  }

  /// Every network, those of a seed together.
  public List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (long seed : seeds) {
      for (double budget : budgets) {
        methods.forEach(method -> cells.add(new Cell(method.name(), budget, seed)));
      }
    }
    return cells;
  }

  Method method(Cell cell) {
    return methods.stream()
        .filter(method -> method.name().equals(cell.method()))
        .findFirst()
        .orElseThrow();
  }
}
