package dev.sluice.data;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Resolves what a user types for `--data`: a known name, or `reader:path`, each with options as in
/// a URL's query.
///
/// | text | what |
/// |---|---|
/// | `mnist`, `cifar10`, `adult`, `pbmc3k`, … | sets in the data directory, see `docs/DATA.md` |
/// | `stroke-digits?rows=20000&test=4000&seed=1` | generated, needs no file |
/// | `idx:DIR?classes=10` | `train-…`/`t10k-…` IDX files |
/// | `cifar:DIR` | CIFAR-10 binary batches |
/// | `cifar100:DIR`, `svhn:DIR`, `tiny-imagenet:DIR`, `speech-commands:DIR`, `imdb:DIR` | a set as its authors lay it out |
/// | `csv:FILE?label=income&header=true&task=regression` | a text table, see `docs/DATA.md` |
///
/// Immutable. Everything throws [DatasetException] for data that cannot be read.
public final class DataSource {
  private static final List<String> KNOWN_NAMES = SourceTable.names(SourceTable.Source::known);
  private static final List<String> READERS = SourceTable.names(SourceTable.Source::reader);

  private final Path base;
  private final boolean strict;
  private final @Nullable CsvSchema schema;

  private DataSource(Path base, boolean strict, @Nullable CsvSchema schema) {
    this.base = base;
    this.strict = strict;
    this.schema = schema;
  }

  /// Known sets are looked up in [DataDirectory#standard].
  public static DataSource standard() {
    return at(DataDirectory.standard());
  }

  /// Known sets are looked up in `directory`.
  public static DataSource at(Path directory) {
    return new DataSource(directory, false, null);
  }

  public static List<String> knownNames() {
    return KNOWN_NAMES;
  }

  public static List<String> readers() {
    return READERS;
  }

  /// Rejects NaN and infinite features and unknown categories of text tables, naming the position.
  public DataSource strict(boolean value) {
    return new DataSource(base, value, schema);
  }

  /// Text tables are encoded with `fitted`, which a model brought along, instead of being fitted
  /// anew.
  public DataSource withSchema(CsvSchema fitted) {
    return new DataSource(base, strict, fitted);
  }

  /// Both parts, to train a model and to tell its final figure.
  public DataSplit load(String spec) {
    return source(spec).split().get();
  }

  /// The test part alone, to evaluate a model: the rows that [#load] with the same text holds back.
  public Dataset loadTest(String spec) {
    return source(spec).test().get();
  }

  /// The rows to predict: the test part of a set that has one, else every row of the file. They may
  /// be unlabelled.
  public Dataset loadRows(String spec) {
    return source(spec).rows().get();
  }

  private LoadedSource source(String text) {
    DataSpec spec = DataSpec.parse(text);
    SourceTable.Source source = SourceTable.find(spec.kind()).orElseThrow(() -> unknown(spec));
    boolean hasPath = text.startsWith(spec.kind() + ":");
    if (hasPath && !source.reader()) {
      throw unknown(spec);
    }
    if (hasPath || !source.known()) {
      spec.requirePath();
    }
    spec.requireKeys(source.options());
    return source.open().apply(new SourceTable.Request(spec, base, schema, strict));
  }

  private static DatasetException unknown(DataSpec spec) {
    return new DatasetException(
        "data source unknown: data="
            + spec.text()
            + ", names="
            + KNOWN_NAMES
            + ", readers="
            + READERS
            + " as reader:path");
  }
}
