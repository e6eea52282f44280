package dev.sluice.cli;

import dev.sluice.data.Dataset;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.runtime.Predictor;
import java.util.ArrayList;
import java.util.List;

/// One model in several precisions over the same rows, each beside f32 row by row.
final class PrecisionComparison {
  private final Dataset rows;
  private final ModelSpec spec;
  private final float[] targets;
  private final Candidate reference;
  private final List<Candidate> candidates;

  /// A model in one precision, and what was seen of it so far.
  private static final class Candidate {
    final ModelRows source;
    final ModelScorer scorer;
    double losses;
    long answersThatDiffer;
    long gatesThatDiffer;

    Candidate(ModelRows source) {
      this.source = source;
      this.scorer = new ModelScorer(source);
    }
  }

  private PrecisionComparison(ModelRows reference, List<ModelRows> candidates) {
    this.rows = reference.rows();
    this.spec = reference.model().spec();
    this.targets = new float[Math.max(1, rows.targets())];
    this.reference = new Candidate(reference);
    this.candidates = candidates.stream().map(Candidate::new).toList();
  }

  /// @param stored of any precision; f32 of a narrower one is what its weights stand for
  static List<PrecisionScore> run(
      Model stored,
      List<WeightPrecision> precisions,
      Dataset rows,
      boolean strict,
      BudgetOption budget) {
    List<Model> models = new ArrayList<>();
    try {
      models.add(stored.withPrecision(WeightPrecision.F32));
      precisions.forEach(precision -> models.add(stored.withPrecision(precision)));
      List<ModelRows> sources =
          models.stream().map(model -> new ModelRows(model, rows, strict)).toList();
      sources.forEach(source -> budget.apply(source.predictor()));
      return new PrecisionComparison(sources.getFirst(), sources.subList(1, sources.size()))
          .scores();
    } finally {
      models.forEach(Model::close);
    }
  }

  private List<PrecisionScore> scores() {
    reference.source.requireTargets();
    for (int row = 0; row < rows.rows(); row++) {
      float[] expected = reference.scorer.add(row);
      reference.losses += loss(row, expected);
      for (Candidate candidate : candidates) {
        add(row, expected, candidate);
      }
    }
    return candidates.stream().map(this::score).toList();
  }

  private void add(int row, float[] expected, Candidate candidate) {
    float[] answer = candidate.scorer.add(row);
    candidate.losses += loss(row, answer);
    candidate.answersThatDiffer += isSameAnswer(expected, answer) ? 0 : 1;
    Predictor exact = reference.source.predictor();
    Predictor rounded = candidate.source.predictor();
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      candidate.gatesThatDiffer += difference(exact.openGates(layer), rounded.openGates(layer));
    }
  }

  private double loss(int row, float[] answer) {
    return AnswerLoss.of(spec.output(), rows, row, answer, targets);
  }

  private boolean isSameAnswer(float[] expected, float[] answer) {
    if (rows.classes() > 0) {
      return Answers.classOf(expected, 0) == Answers.classOf(answer, 0);
    }
    for (int k = 0; k < answer.length; k++) {
      if (expected[k] > 0 != answer[k] > 0) {
        return false;
      }
    }
    return true;
  }

  /// Members of one set that are not in the other; both are in ascending order.
  private static int difference(ActiveSet a, ActiveSet b) {
    int common = 0;
    int next = 0;
    for (int position = 0; position < a.count(); position++) {
      while (next < b.count() && b.index(next) < a.index(position)) {
        next++;
      }
      common += next < b.count() && b.index(next) == a.index(position) ? 1 : 0;
    }
    return a.count() + b.count() - 2 * common;
  }

  private PrecisionScore score(Candidate candidate) {
    double count = rows.rows();
    boolean isRegression = rows.classes() == 0 && spec.output() == OutputForm.IDENTITY;
    long gates =
        spec.layers().stream()
            .mapToLong(layer -> layer instanceof LayerSpec.Gated gated ? gated.gates() : 0)
            .sum();
    Model model = candidate.source.model();
    return new PrecisionScore(
        model.precision(),
        model.weights().weightBytes(),
        candidate.scorer.result(),
        candidate.losses / count,
        reference.scorer.result(),
        reference.losses / count,
        isRegression ? Double.NaN : candidate.answersThatDiffer / count,
        candidate.gatesThatDiffer / (count * gates));
  }
}
