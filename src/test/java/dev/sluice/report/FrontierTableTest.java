package dev.sluice.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.experiment.Spread;
import dev.sluice.experiment.Summary;
import java.io.ByteArrayInputStream;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class FrontierTableTest {
  private static final Spread NONE = new Spread(Double.NaN, Double.NaN, 0);

  private static Summary row(
      String method, double budget, double macs, double accuracy, Spread over, Spread nanos) {
    return new Summary(
        method,
        budget,
        Spread.of(macs),
        new Spread(accuracy, 0.0012, 3),
        NONE,
        over,
        over,
        NONE,
        nanos,
        NONE,
        NONE,
        method.equals("linear"),
        true);
  }

  private static List<Summary> rows(Spread nanos) {
    return List.of(
        row("dense", 1, 1, 0.9863, NONE, nanos),
        row("equal-mac", 0.1, 0.101, 0.9838, NONE, nanos),
        row("linear", 0.1, 0.0998, 0.9795, new Spread(-0.0043, 0.0008, 3), nanos));
  }

  @Test
  void theTableHasMeansSpreadsAndMarks() {
    String table =
        """
        method     budget  seeds  relative MACs    accuracy %       − dense   − equal-MAC  speed-up   ideal  gate spread  commonest set  marks
        ---------  ------  -----  -------------  ------------  ------------  ------------  --------  ------  -----------  -------------  -----
        dense           –      3         1.0000  98.63 ± 0.12             –             –         –   1.00×            –              –  P
        equal-mac  0.1000      3         0.1010  98.38 ± 0.12             –             –         –   9.90×            –              –  P
        linear     0.1000      3         0.0998  97.95 ± 0.12  -0.43 ± 0.08  -0.43 ± 0.08         –  10.02×            –              –  WP
        """;
    String text = new FrontierTable(rows(NONE)).text();
    assertEquals(table, text.substring(0, table.length()));
  }

  @Test
  void markdownHasTheSameCells() {
    List<String> lines = new FrontierTable(rows(NONE)).markdown().lines().toList();
    assertEquals(
        "| linear | 0.1000 | 3 | 0.0998 | 97.95 ± 0.12 | -0.43 ± 0.08 | -0.43 ± 0.08 | – | 10.02× |"
            + " – | – | WP |",
        lines.get(4));
    assertTrue(lines.get(1).startsWith("| --- | ---: |"), lines.get(1));
  }

  @Test
  void plotsAreWellFormedPictures() throws Exception {
    for (FrontierPlot plot :
        List.of(
            FrontierPlot.macs("mnist", rows(NONE)),
            FrontierPlot.latency("mnist", rows(new Spread(4000, 10, 3))))) {
      assertFalse(plot.isEmpty());
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      // the document type names an address that is not to be asked
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      assertEquals(
          "svg",
          factory
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(plot.svg()))
              .getDocumentElement()
              .getTagName());
    }
  }

  @Test
  void withoutLatenciesThereIsNothingToPlot() {
    assertTrue(FrontierPlot.latency("mnist", rows(NONE)).isEmpty());
    assertTrue(FrontierPlot.macs("mnist", List.of()).isEmpty());
  }
}
