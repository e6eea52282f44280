package dev.sluice.cli;

import dev.sluice.report.Figures;
import dev.sluice.report.JsonText;
import dev.sluice.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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
        .put("stageShares", score.stageShares().stream().mapToDouble(Double::doubleValue).toArray())
        .putObjects("layers", score.layers(), ScoreText::describe);
  }

  private static void describe(ModelScore.Layer layer, JsonText object) {
    object
        .put("shape", layer.shape())
        .put("kind", layer.kind())
        .put("denseMacs", layer.denseMacs())
        .put("panelMacs", layer.panelMacs())
        .put("gateMacs", layer.gateMacs())
        .put("lightMacs", layer.lightMacs())
        .put("exitMacs", layer.exitMacs())
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
        + " over rows\n"
        + stages(score)
        + "\n"
        + layers(score).format();
  }

  /// Nothing for a network of one stage.
  private static String stages(ModelScore score) {
    return score.stageShares().size() == 1
        ? ""
        : score.stageShares().stream()
            .map(Figures::percent)
            .collect(Collectors.joining(", ", "answered by    stages ", "\n"));
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

  /// Light paths and exits are columns where the network has them.
  private static TextTable layers(ModelScore score) {
    boolean hasLight = score.layers().stream().anyMatch(layer -> layer.lightMacs() > 0);
    boolean hasExits = score.layers().stream().anyMatch(layer -> layer.exitMacs() > 0);
    TextTable table =
        new TextTable().left("layer").left("gate").right("dense MACs").right("panels");
    table.right("gates");
    if (hasLight) {
      table.right("light");
    }
    if (hasExits) {
      table.right("exits");
    }
    table
        .right("padding")
        .right("by gate")
        .right("as zero")
        .right("pruned")
        .right("relative")
        .right("blocks open")
        .right("never open");
    score.layers().forEach(layer -> table.row(cells(layer, hasLight, hasExits)));
    return table;
  }

  private static String[] cells(ModelScore.Layer layer, boolean hasLight, boolean hasExits) {
    List<String> cells = new ArrayList<>();
    cells.add(layer.shape());
    cells.add(layer.kind());
    cells.add(Figures.count(layer.denseMacs()));
    cells.add(Figures.meanCount(layer.panelMacs()));
    cells.add(Figures.meanCount(layer.gateMacs()));
    if (hasLight) {
      cells.add(Figures.meanCount(layer.lightMacs()));
    }
    if (hasExits) {
      cells.add(Figures.meanCount(layer.exitMacs()));
    }
    cells.add(Figures.meanCount(layer.paddingMacs()));
    cells.add(Figures.meanCount(layer.skippedByGateMacs()));
    cells.add(Figures.meanCount(layer.skippedAsZeroMacs()));
    cells.add(Figures.meanCount(layer.skippedAsPrunedMacs()));
    cells.add(Figures.share(layer.relativeMacs()));
    cells.add(Figures.percent(layer.meanUsage()));
    cells.add(layer.deadBlocks() + "/" + layer.blockUsage().size());
    return cells.toArray(String[]::new);
  }
}
