package dev.sluice.cli;

import dev.sluice.audit.Bridge;
import dev.sluice.audit.TimeBooks;
import dev.sluice.audit.TimePart;
import dev.sluice.model.Model;
import dev.sluice.report.ConstantNames;
import dev.sluice.report.Figures;
import dev.sluice.report.JsonText;
import dev.sluice.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// Where a row's time goes, for people and for machines.
record AuditTimeText(Model model, TimeBooks time) {
  JsonText json() {
    return JsonText.object()
        .put("nanos", time.nanos())
        .put("denseNanos", time.denseNanos())
        .put("promisedSpeedUp", time.promisedSpeedUp())
        .put("measuredSpeedUp", time.measuredSpeedUp())
        .put("measuredSpeedUpLow", time.spread().low())
        .put("measuredSpeedUpHigh", time.spread().high())
        .put("rounds", time.spread().rounds())
        .put("sumOfPartsNanos", time.parts().sum())
        .put("denseSumOfPartsNanos", time.denseParts().sum())
        .put("addsUp", time.addsUp())
        .put("partNanos", json(time.parts().parts()))
        .put("densePartNanos", json(time.denseParts().parts()))
        .putObjects("perLayer", layers(), this::describe)
        .put("bridge", json(time.bridge()));
  }

  private static JsonText json(Map<TimePart, Double> parts) {
    JsonText object = JsonText.object();
    parts.forEach((part, nanos) -> object.put(ConstantNames.key(part), nanos));
    return object;
  }

  private List<Integer> layers() {
    return IntStream.range(0, model.spec().layers().size()).boxed().toList();
  }

  private void describe(int layer, JsonText object) {
    object
        .put("shape", AuditText.shape(model.spec(), layer))
        .put("nanos", time.parts().layerNanos(layer))
        .put("denseNanos", denseNanos(layer))
        .put("partNanos", json(time.parts().layers().get(layer)));
  }

  /// NaN if the twin has other layers.
  double denseNanos(int layer) {
    return model.spec().isStaged() ? Double.NaN : time.denseParts().layerNanos(layer);
  }

  private static JsonText json(Bridge bridge) {
    return JsonText.object()
        .put("promisedNanos", bridge.promisedNanos())
        .putObjects(
            "items",
            bridge.items(),
            (item, object) ->
                object
                    .put(
                        "item", item.part() == null ? "notInParts" : ConstantNames.key(item.part()))
                    .put("promisedNanos", item.promisedNanos())
                    .put("nanos", item.nanos())
                    .put("differenceNanos", item.differenceNanos()))
        .put("measuredNanos", bridge.measuredNanos());
  }

  String text() {
    return bridgeTable().format()
        + "\nspeed-up over dense: promised "
        + Figures.times(time.promisedSpeedUp())
        + ", measured "
        + Figures.times(time.measuredSpeedUp())
        + ", in the middle half of "
        + Figures.count(time.spread().rounds())
        + " rounds "
        + Figures.times(time.spread().low())
        + " to "
        + Figures.times(time.spread().high())
        + (time.addsUp() ? "" : "\n" + missed())
        + "\n\n"
        + layerTable().format();
  }

  static String missed() {
    return "the parts miss the whole by more than "
        + Figures.percent(TimeBooks.TOLERANCE)
        + ": the machine was busy, measure again";
  }

  /// Promised time and all differences come to the measured time.
  private TextTable bridgeTable() {
    TextTable table =
        new TextTable()
            .left("time of a row, ns")
            .right("dense")
            .right("promised")
            .right("measured")
            .right("share")
            .right("difference");
    Bridge bridge = time.bridge();
    for (Bridge.Item item : bridge.items()) {
      if (isThere(item)) {
        addRow(table, words(item), item.denseNanos(), item.promisedNanos(), item.nanos());
      }
    }
    addRow(table, "whole", time.denseNanos(), bridge.promisedNanos(), time.nanos());
    return table;
  }

  private void addRow(
      TextTable table, String name, double dense, double promised, double measured) {
    table.row(
        name,
        figure(dense),
        figure(promised),
        figure(measured),
        Figures.percent(measured / time.nanos()),
        signed(measured - promised));
  }

  /// What neither network has a step for is left out.
  static boolean isThere(Bridge.Item item) {
    return item.part() == null || item.nanos() != 0 || item.denseNanos() != 0;
  }

  static String words(Bridge.Item item) {
    return item.part() == null ? "not in these parts" : item.part().words();
  }

  private TextTable layerTable() {
    TextTable table = new TextTable().left("by layer, ns");
    layers().forEach(layer -> table.right(AuditText.shape(model.spec(), layer)));
    for (TimePart part : TimePart.values()) {
      if (layers().stream().anyMatch(layer -> nanos(layer, part) != 0)) {
        addRow(table, part.words(), layer -> nanos(layer, part));
      }
    }
    addRow(table, "measured", time.parts()::layerNanos);
    if (!model.spec().isStaged()) {
      addRow(table, "dense", this::denseNanos);
    }
    return table;
  }

  private double nanos(int layer, TimePart part) {
    return time.parts().layers().get(layer).getOrDefault(part, 0.0);
  }

  private void addRow(TextTable table, String name, IntToDoubleFunction nanos) {
    List<String> cells = new ArrayList<>(List.of(name));
    for (int layer : layers()) {
      double ofLayer = nanos.applyAsDouble(layer);
      cells.add(ofLayer == 0 ? "" : figure(ofLayer));
    }
    table.row(cells.toArray(String[]::new));
  }

  /// Nanoseconds, with a decimal where the row takes so few that it matters.
  String figure(double nanos) {
    return Double.isNaN(nanos) ? "–" : format("%,.", nanos);
  }

  String signed(double nanos) {
    return format("%+,.", nanos);
  }

  private String format(String pattern, double nanos) {
    String rounded =
        String.format(Locale.ROOT, pattern + (time.nanos() < 2000 ? "1f" : "0f"), nanos);
    return rounded.matches("-0(\\.0)?") ? rounded.substring(1) : rounded;
  }
}
