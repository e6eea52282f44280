package dev.sluice.cli;

import dev.sluice.data.DataSource;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// Where rows come from.
final class DataOption {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "D",
      description =
          "A set that 'sluice data list' names, or reader:path, for instance idx:DIR or"
              + " 'csv:FILE?label=income'.")
  private String text = "";

  @Option(
      names = "--strict",
      description =
          "Refuse features that are NaN or infinite, and categories the training rows did not have;"
              + " otherwise they are computed with.")
  private boolean strict;

  /// The option as if `text` had been given.
  static DataOption of(String text) {
    DataOption option = new DataOption();
    option.text = text;
    return option;
  }

  String text() {
    return text;
  }

  boolean isStrict() {
    return strict;
  }

  /// The readers, once the text names one of them.
  DataSource source(CommonOptions common) {
    String kind = text.split("[:?]", 2)[0];
    boolean isReader = DataSource.readers().contains(kind) && text.startsWith(kind + ":");
    if (!isReader && !DataSource.knownNames().contains(kind)) {
      throw common.misuse(
          "unknown --data: data=" + text + ", known=" + String.join(", ", known().toList()));
    }
    return DataSource.standard().strict(strict);
  }

  private static Stream<String> known() {
    return Stream.concat(
        DataSource.knownNames().stream(),
        DataSource.readers().stream().map(reader -> reader + ":PATH"));
  }
}
