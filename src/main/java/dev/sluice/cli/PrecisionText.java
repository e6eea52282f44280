package dev.sluice.cli;

import dev.sluice.memory.WeightPrecision;
import dev.sluice.report.Figures;
import dev.sluice.report.JsonText;
import dev.sluice.report.TextTable;
import java.util.List;
import java.util.Locale;

/// What each precision costs, for people and for machines.
///
/// @param stored the precision of the file
record PrecisionText(WeightPrecision stored, List<PrecisionScore> scores) {
  private int rows() {
    return scores.getFirst().score().rows();
  }

  JsonText json() {
    return JsonText.object()
        .put("rows", rows())
        .put("stored", stored.specName())
        .putObjects("precisions", scores, PrecisionText::describe);
  }

  private static void describe(PrecisionScore one, JsonText object) {
    object
        .put("weights", one.precision().specName())
        .put("weightBytes", one.weightBytes())
        .put("loss", one.loss())
        .put("lossChange", one.lossChange())
        .put("accuracyChange", one.accuracyChange())
        .put("answersDiffer", one.answersDiffer())
        .put("gatesDiffer", one.gatesDiffer())
        .put("score", ScoreText.json(one.score()));
  }

  String text() {
    return "rows    "
        + Figures.count(rows())
        + "\nstored  "
        + stored.specName()
        + "; changes and differences are against f32\n\n"
        + table().format();
  }

  private TextTable table() {
    TextTable table =
        new TextTable()
            .left("weights")
            .right("bytes")
            .right("accuracy")
            .right("change")
            .right("loss")
            .right("change")
            .right("answers differ")
            .right("gates differ")
            .right("relative MACs");
    for (PrecisionScore one : scores) {
      table.row(
          one.precision().specName(),
          Figures.bytes(one.weightBytes()),
          Figures.percent(one.score().accuracy()),
          points(one.accuracyChange()),
          Figures.compact(one.loss()),
          signed(one.lossChange()),
          Figures.percent(one.answersDiffer()),
          Figures.percent(one.gatesDiffer()),
          Figures.share(one.score().relativeMacs()));
    }
    return table;
  }

  private static String points(double change) {
    return Double.isNaN(change) ? "–" : String.format(Locale.ROOT, "%+.2f", 100 * change);
  }

  private static String signed(double change) {
    return change > 0 ? "+" + Figures.compact(change) : Figures.compact(change);
  }
}
