package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.data.DataCatalogue;
import dev.sluice.data.DataDirectory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DataCommandTest {
  @Test
  void theListHasEveryKnownSetAndTheGeneratedOne() {
    Set<String> names = new HashSet<>();
    for (JsonNode set : CliRun.of("data", "list", "--json").json()) {
      names.add(set.get("name").stringValue());
      boolean generated = set.get("name").stringValue().equals("stroke-digits");
      assertTrue(!generated || set.get("present").booleanValue(), set.toString());
    }
    Set<String> expected = new HashSet<>(Set.of("stroke-digits"));
    DataCatalogue.entries().forEach(entry -> expected.add(entry.name()));
    assertEquals(expected, names);
    String text = CliRun.of("data", "list").succeeded().out();
    expected.forEach(name -> assertTrue(text.contains("\n" + name + " "), text));
  }

  @Test
  void aSetThatIsPlacedByHandIsNotDownloadedButItsFilesAreNamed() {
    assertTrue(CliRun.of("data", "list").succeeded().out().contains("by hand"));
    CliRun.of("data", "get", "svhn")
        .misusedWith("set is placed by hand: name=svhn", "svhn/train_32x32.mat");
  }

  @Test
  void thePathIsThatOfTheDataDirectory() {
    String expected = DataDirectory.standard().toString();
    assertEquals(expected + "\n", CliRun.of("data", "path").succeeded().out());
    JsonNode json = CliRun.of("data", "path", "--json").json();
    assertEquals(expected, json.get("directory").stringValue());
  }

  @Test
  void aDownloadIsReportedInPlainLinesWhereNobodyWatches() {
    StringWriter err = new StringWriter();
    var file = DataCatalogue.entry("mnist").files().getFirst();
    try (DownloadReport report = new DownloadReport(new PrintWriter(err))) {
      report.advanced(file, 1, file.bytes());
      report.advanced(file, file.bytes(), file.bytes());
      report.finished(file, false);
      report.finished(file, true);
    }
    assertEquals(
        "downloaded, verified: "
            + file.path()
            + System.lineSeparator()
            + "present, verified: "
            + file.path()
            + System.lineSeparator(),
        err.toString());
  }
}
