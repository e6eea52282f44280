package dev.sluice.cli;

import dev.sluice.report.Figures;
import dev.sluice.report.JsonText;
import dev.sluice.report.TextTable;

/// A [ModelScore] for people and for machines.
final class ScoreText {
  private ScoreText() {}

  static JsonText json(ModelScore score) {
    return JsonText.object()
        .put("rows", score.rows())
        .put("accuracy", score.accuracy())
        .put("meanSquaredError", score.meanSquaredError())
        .put("meanAbsoluteError", score.meanAbsoluteError())
        .put("relativeMacs", score.relativeMacs())
        .put("gateRatioMean", score.gateRatioMean())
        .put("gateRatioStdDev", score.gateRatioStdDev())
        .put("structuralMacs", score.structuralMacs())
        .put("executedMacs", score.executedMacs())
        .put("skippedByGateMacs", score.skippedByGateMacs())
        .put("skippedAsZeroMacs", score.skippedAsZeroMacs())
        .put("skippedAsPrunedMacs", score.skippedAsPrunedMacs())
        .put("denseMacs", score.denseMacs())
        .putObjects("layers", score.layers(), ScoreText::describe);
  }

  private static void describe(ModelScore.Layer layer, JsonText object) {
    object
        .put("shape", layer.shape())
        .put("kind", layer.kind())
        .put("denseMacs", layer.denseMacs())
        .put("panelMacs", layer.panelMacs())
        .put("gateMacs", layer.gateMacs())
        .put("paddingMacs", layer.paddingMacs())
        .put("skippedByGateMacs", layer.skippedByGateMacs())
        .put("skippedAsZeroMacs", layer.skippedAsZeroMacs())
        .put("skippedAsPrunedMacs", layer.skippedAsPrunedMacs())
        .put("prunedNotSkippedMacs", layer.prunedNotSkippedMacs())
        .put("blockUsage", layer.blockUsage().stream().mapToDouble(Double::doubleValue).toArray());
  }

  static String text(ModelScore score) {
    return "rows           "
        + Figures.count(score.rows())
        + "\n"
        + quality(score)
        + "relative MACs  "
        + Figures.share(score.relativeMacs())
        + " ("
        + Figures.meanCount(score.structuralMacs())
        + " of "
        + Figures.count(score.denseMacs())
        + " a row, gates counted)\n"
        + "executed       "
        + Figures.meanCount(score.executedMacs())
        + " a row; skipped by gate "
        + Figures.meanCount(score.skippedByGateMacs())
        + ", as zero "
        + Figures.meanCount(score.skippedAsZeroMacs())
        + ", as pruned "
        + Figures.meanCount(score.skippedAsPrunedMacs())
        + "\n"
        + "gate ratio     "
        + Figures.share(score.gateRatioMean())
        + " ± "
        + Figures.share(score.gateRatioStdDev())
        + " over rows\n\n"
        + layers(score).format();
  }

  private static String quality(ModelScore score) {
    return Double.isNaN(score.accuracy())
        ? "mean squared error   "
            + Figures.compact(score.meanSquaredError())
            + "\nmean absolute error  "
            + Figures.compact(score.meanAbsoluteError())
            + "\n"
        : "accuracy       " + Figures.percent(score.accuracy()) + "\n";
  }

  private static TextTable layers(ModelScore score) {
    TextTable table =
        new TextTable()
            .left("layer")
            .left("gate")
            .right("dense MACs")
            .right("panels")
            .right("gates")
            .right("padding")
            .right("by gate")
            .right("as zero")
            .right("pruned")
            .right("relative")
            .right("blocks open")
            .right("never open");
    for (ModelScore.Layer layer : score.layers()) {
      table.row(
          layer.shape(),
          layer.kind(),
          Figures.count(layer.denseMacs()),
          Figures.meanCount(layer.panelMacs()),
          Figures.meanCount(layer.gateMacs()),
          Figures.meanCount(layer.paddingMacs()),
          Figures.meanCount(layer.skippedByGateMacs()),
          Figures.meanCount(layer.skippedAsZeroMacs()),
          Figures.meanCount(layer.skippedAsPrunedMacs()),
          Figures.share(layer.relativeMacs()),
          Figures.percent(layer.meanUsage()),
          layer.deadBlocks() + "/" + layer.blockUsage().size());
    }
    return table;
  }
}
