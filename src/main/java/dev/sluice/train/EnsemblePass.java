package dev.sluice.train;

import dev.sluice.memory.Matrix;
import dev.sluice.model.OutputForm;
import java.util.List;

/// Runs every variant of every row through a teacher's networks, and keeps what they answer together.
final class EnsemblePass {
  private final List<Network> networks;
  private final Augmenter augmenter;
  private final TeacherAnswers answers;
  private final OutputForm form;
  private final WorkTeam team;

  /// @param networks of one batch size, at least one
  EnsemblePass(
      List<Network> networks,
      OutputForm form,
      Augmenter augmenter,
      TeacherAnswers answers,
      WorkTeam team) {
    this.networks = networks;
    this.form = form;
    this.augmenter = augmenter;
    this.answers = answers;
    this.team = team;
  }

  void run() {
    int capacity = networks.getFirst().batch().capacity();
    for (long from = 0; from < answers.count(); from += capacity) {
      int rows = (int) Math.min(capacity, answers.count() - from);
      run(from, rows);
    }
  }

  private void run(long from, int rows) {
    for (Network network : networks) {
      network.batch().set(rows, false, 0);
    }
    Batch batch = networks.getFirst().batch();
    team.run(batch.rowWork((task, fromRow, toRow) -> load(from, fromRow, toRow)));
    networks.forEach(Network::forward);
    team.run(batch.rowWork((task, fromRow, toRow) -> keep(from, fromRow, toRow)));
  }

  private void load(long from, int fromRow, int toRow) {
    Matrix first = networks.getFirst().input();
    for (int row = fromRow; row < toRow; row++) {
      int sourceRow = (int) ((from + row) / answers.variants());
      int variant = (int) ((from + row) % answers.variants());
      augmenter.copyFeatures(sourceRow, variant, first.data(), first.rowOffsetBytes(row));
    }
    for (Network other : networks.subList(1, networks.size())) {
      Buffers.copyRows(first, other.input(), fromRow, toRow);
    }
  }

  private void keep(long from, int fromRow, int toRow) {
    if (networks.size() == 1) {
      for (int row = fromRow; row < toRow; row++) {
        answers.keep(from + row, networks.getFirst().output(), row);
      }
      return;
    }
    EnsembleAnswer answer = new EnsembleAnswer(form, networks.size(), answers.outputs());
    for (int row = fromRow; row < toRow; row++) {
      for (int model = 0; model < networks.size(); model++) {
        Matrix output = networks.get(model).output();
        for (int k = 0; k < answers.outputs(); k++) {
          answer.set(model, k, output.get(row, k));
        }
      }
      double[] together = answer.together();
      for (int k = 0; k < together.length; k++) {
        answers.keep(from + row, k, together[k]);
      }
    }
  }
}
