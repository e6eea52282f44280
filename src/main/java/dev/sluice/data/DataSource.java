package dev.sluice.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Resolves what a user types for `--data`: a known name, or `reader:path`, each with options as in
/// a URL's query.
///
/// | text | what |
/// |---|---|
/// | `mnist`, `fashion-mnist`, `cifar10`, `adult` | sets in the data directory |
/// | `stroke-digits?rows=20000&test=4000&seed=1` | generated, needs no file |
/// | `idx:DIR?classes=10` | `train-…`/`t10k-…` IDX files |
/// | `cifar:DIR` | CIFAR-10 binary batches |
/// | `csv:FILE?label=income&header=true&task=regression` | a text table, see `docs/DATA.md` |
///
/// Immutable. Everything throws [DatasetException] for data that cannot be read.
public final class DataSource {
  private static final List<String> KNOWN_NAMES =
      List.of("mnist", "fashion-mnist", "cifar10", "adult", "stroke-digits");
  private static final List<String> READERS = List.of("idx", "cifar", "csv");

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
    return READERS.contains(spec.kind()) ? read(spec) : known(spec);
  }

  private LoadedSource read(DataSpec spec) {
    spec.requirePath();
    return switch (spec.kind()) {
      case "idx" -> {
        spec.requireKeys(Set.of("classes"));
        yield ImageSources.idx(spec);
      }
      case "cifar" -> {
        spec.requireKeys(Set.of());
        yield ImageSources.cifar("", Path.of(spec.path()).toAbsolutePath());
      }
      default -> {
        spec.requireKeys(CsvSources.OPTIONS);
        yield CsvSources.csv(spec, schema, strict);
      }
    };
  }

  private LoadedSource known(DataSpec spec) {
    if (!KNOWN_NAMES.contains(spec.kind()) || !spec.path().isEmpty()) {
      throw new DatasetException(
          "data source unknown: data="
              + spec.text()
              + ", names="
              + KNOWN_NAMES
              + ", readers="
              + READERS
              + " as reader:path");
    }
    spec.requireKeys(
        spec.kind().equals("stroke-digits") ? Set.of("rows", "test", "seed") : Set.of());
    return switch (spec.kind()) {
      case "cifar10" ->
          ImageSources.cifar("cifar10", base.resolve("cifar10").resolve("cifar-10-batches-bin"));
      case "adult" -> CsvSources.adult(base, schema, strict);
      case "stroke-digits" -> strokeDigits(spec);
      default -> ImageSources.mnistLike(spec.kind(), base);
    };
  }

  private static LoadedSource strokeDigits(DataSpec spec) {
    int rows = (int) spec.number("rows", 20_000, 1, StrokeDigits.MAX_ROWS);
    int test = (int) spec.number("test", 4_000, 1, StrokeDigits.MAX_ROWS);
    long seed = spec.number("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE);
    return LoadedSource.standardParts(
        () -> StrokeDigits.generate(rows, seed), () -> StrokeDigits.generateTest(test, seed));
  }
}
