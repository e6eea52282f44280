package dev.sluice.report;

import dev.sluice.experiment.Spread;
import dev.sluice.experiment.Summary;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Accuracy against cost as an SVG picture: a line per method through its budgets, the dense networks on the same axes, bars of one
/// standard deviation over seeds, and the Pareto front dashed.
public final class FrontierPlot {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 640;

  private final String title;
  private final String costTitle;
  private final List<Summary> rows;
  private final Function<Summary, Spread> cost;
  private final double scale;

  private FrontierPlot(
      String title,
      String costTitle,
      List<Summary> rows,
      Function<Summary, Spread> cost,
      double scale) {
    this.title = title;
    this.costTitle = costTitle;
    this.rows =
        rows.stream()
            .filter(row -> cost.apply(row).mean() > 0 && !Double.isNaN(row.accuracy().mean()))
            .sorted(Comparator.comparingDouble(row -> cost.apply(row).mean()))
            .toList();
    this.cost = cost;
    this.scale = scale;
  }

  public static FrontierPlot macs(String data, List<Summary> rows) {
    return new FrontierPlot(
        data, "relative MACs, gates and exits counted", rows, Summary::relativeMacs, 1);
  }

  public static FrontierPlot latency(String data, List<Summary> rows) {
    return new FrontierPlot(
        data, "µs per prediction, batch 1, one core, mean", rows, Summary::latencyNanos, 1e-3);
  }

  /// Whether no row has such a cost, as before latencies are measured.
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /// The picture as an SVG document.
  public byte[] svg() {
    // there may be no screen, and nothing is shown
    System.setProperty("java.awt.headless", "true");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ChartEncoder.saveChart(chart(), bytes, "svg");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot draw plot: title=" + title, e);
    }
    return bytes.toByteArray();
  }

  private XYChart chart() {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(costTitle)
            .yAxisTitle("test accuracy %")
            .build();
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    Map<String, List<Summary>> methods =
        rows.stream().collect(Collectors.groupingBy(Summary::method));
    // dense networks first: they have the same colours in every plot
    List<String> names = new ArrayList<>(List.of(Summary.DENSE, Summary.EQUAL_MAC));
    methods.keySet().stream().sorted().filter(name -> !names.contains(name)).forEach(names::add);
    for (String name : names) {
      if (methods.containsKey(name)) {
        add(chart, name, methods.getOrDefault(name, List.of()));
      }
    }
    addFront(chart);
    return chart;
  }

  private void add(XYChart chart, String name, List<Summary> points) {
    double[] bars =
        points.stream()
            .mapToDouble(row -> deviation(row.accuracy()))
            .map(value -> 100 * value)
            .toArray();
    XYSeries series = chart.addSeries(name, costs(points), accuracies(points), bars);
    series.setMarker(
        name.equals(Summary.DENSE) || name.equals(Summary.EQUAL_MAC)
            ? SeriesMarkers.SQUARE
            : SeriesMarkers.CIRCLE);
  }

  /// By this plot's own cost.
  private void addFront(XYChart chart) {
    List<Summary> front = new ArrayList<>();
    double best = Double.NEGATIVE_INFINITY;
    for (Summary row : rows) {
      if (row.accuracy().mean() > best) {
        front.add(row);
        best = row.accuracy().mean();
      }
    }
    if (!front.isEmpty()) {
      XYSeries series = chart.addSeries("Pareto front", costs(front), accuracies(front));
      series.setMarker(SeriesMarkers.NONE);
      series.setLineStyle(SeriesLines.DASH_DASH);
      series.setLineColor(Color.GRAY);
    }
  }

  private double[] costs(List<Summary> points) {
    return points.stream().mapToDouble(row -> scale * cost.apply(row).mean()).toArray();
  }

  private static double[] accuracies(List<Summary> points) {
    return points.stream().mapToDouble(row -> 100 * row.accuracy().mean()).toArray();
  }

  private static double deviation(Spread spread) {
    return Double.isNaN(spread.standardDeviation()) ? 0 : spread.standardDeviation();
  }
}
