package dev.sluice.train;

import dev.sluice.memory.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a network's answers to a batch lie: at the head of each stage, or, if stages halt, in one mixture of all heads.
final class StageAnswers {
  private final List<LayerPass> heads;
  private final @Nullable HaltingPass halting;

  /// @param heads the last layer of each stage
  StageAnswers(List<LayerPass> heads, @Nullable HaltingPass halting) {
    this.heads = List.copyOf(heads);
    this.halting = halting;
  }

  @Nullable HaltingPass halting() {
    return halting;
  }

  /// The halting unit that reads what `layer` reads, null if there is none.
  @Nullable LayerPass haltingUnit(LayerPass layer) {
    int stage = halting == null ? -1 : heads.indexOf(layer);
    return halting == null || stage < 0 ? null : halting.unit(stage);
  }

  /// How many answers of a row there are to choose from.
  int count() {
    return halting == null ? heads.size() : 1;
  }

  /// Outputs before softmax or sigmoid.
  Matrix output(int answer) {
    return halting == null ? heads.get(answer).y() : halting.mixture();
  }

  Matrix outputGrad(int answer) {
    return halting == null ? heads.get(answer).dy() : halting.mixtureGrad();
  }

  Matrix output() {
    return output(count() - 1);
  }

  /// The last stage that a row runs to get an answer.
  int stage(int answer, int row) {
    return halting == null ? answer : halting.stage(row);
  }
}
