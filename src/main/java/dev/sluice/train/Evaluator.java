package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.util.List;
import java.util.Objects;

/// Runs a dataset through the network that is being trained, as it would be executed: thresholds decide, nothing is dropped.
final class Evaluator {
  private final WorkTeam team;
  private final Network network;
  private final BatchLoader loader;
  private final List<Criterion> criteria;
  private final List<AnswerConfidence> confidences;
  private final boolean hasAccuracy;
  private final List<GateDecisions> gates;
  private final int gateCount;

  /// @param criteria of the network's answers
  /// @param confidences of the answers that a row may stop at, all but the last, or none
  /// @param hasAccuracy false for regression
  private Evaluator(
      WorkTeam team,
      Network network,
      BatchLoader loader,
      List<Criterion> criteria,
      List<AnswerConfidence> confidences,
      boolean hasAccuracy) {
    this.team = team;
    this.network = network;
    this.loader = loader;
    this.criteria = List.copyOf(criteria);
    this.confidences = List.copyOf(confidences);
    this.hasAccuracy = hasAccuracy;
    this.gates = network.decisions().stream().filter(Objects::nonNull).toList();
    this.gateCount = gates.stream().mapToInt(GateDecisions::gates).sum();
  }

  static Evaluator of(
      WorkTeam team,
      Network network,
      BatchLoader loader,
      Criteria criteria,
      ModelSpec spec,
      boolean learns) {
    StageAnswers answers = network.answers();
    return new Evaluator(
        team,
        network,
        loader,
        criteria.of(answers, learns),
        criteria.confidences(answers),
        spec.output() != OutputForm.IDENTITY);
  }

  /// What every stage makes of every row.
  ExitTable table(Dataset dataset) {
    ExitTable table =
        new ExitTable(dataset.rows(), criteria.size(), network.costs().denseMacs(), hasAccuracy);
    for (int from = 0; from < dataset.rows(); from += network.batch().capacity()) {
      forward(dataset, from);
      int offset = from;
      team.run(
          network
              .batch()
              .rowWork(
                  (task, fromRow, toRow) -> {
                    for (int row = fromRow; row < toRow; row++) {
                      enter(table, offset + row, row);
                    }
                  }));
    }
    return table;
  }

  private void enter(ExitTable table, int tableRow, int row) {
    for (int answer = 0; answer < criteria.size(); answer++) {
      Criterion criterion = criteria.get(answer);
      table.set(
          answer,
          tableRow,
          answer < confidences.size() ? confidences.get(answer).of(row) : Float.NaN,
          criterion.isRight(row),
          network.costs().macs(network.answers().stage(answer, row), row),
          criterion.taskLoss(row));
    }
    table.setGateRatio(tableRow, gateRatio(row));
  }

  /// Mean relative MACs of rows through all stages, under halting as far as they go.
  double relativeMacs(Dataset dataset) {
    long macs = 0;
    for (int from = 0; from < dataset.rows(); from += network.batch().capacity()) {
      forward(dataset, from);
      macs += batchMacs();
    }
    return (double) macs / dataset.rows() / network.costs().denseMacs();
  }

  private void forward(Dataset dataset, int from) {
    Batch batch = network.batch();
    batch.set(Math.min(batch.capacity(), dataset.rows() - from), false, 0);
    team.run(loader.load(dataset, from));
    network.forward();
  }

  /// The same of the last batch, summed and absolute.
  long batchMacs() {
    StageAnswers answers = network.answers();
    long macs = 0;
    for (int row = 0; row < network.batch().rows(); row++) {
      macs += network.costs().macs(answers.stage(answers.count() - 1, row), row);
    }
    return macs;
  }

  /// Adds a number to the logits of all gates that read their row, see [dev.sluice.gate.GateSelector#shift].
  void shiftGates(float logits) {
    network.shiftGates(logits);
  }

  private double gateRatio(int row) {
    if (gateCount == 0) {
      return 1;
    }
    int open = 0;
    for (GateDecisions gate : gates) {
      open += gate.openGates(row);
    }
    return (double) open / gateCount;
  }
}
