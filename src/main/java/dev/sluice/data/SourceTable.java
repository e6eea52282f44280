package dev.sluice.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Every source that `--data` can name, one line each.
final class SourceTable {
  /// What a source is opened with.
  ///
  /// @param base the data directory
  /// @param schema of a trained model, for text tables
  record Request(DataSpec spec, Path base, @Nullable CsvSchema schema, boolean strict) {
    /// The user's own path, else `layout` below the data directory.
    Path directory(String layout) {
      return spec.path().isEmpty() ? base.resolve(layout) : Path.of(spec.path()).toAbsolutePath();
    }

    /// Name of the known set, or empty for a path of the user's: what a missing file is called.
    String knownName() {
      return spec.path().isEmpty() ? spec.kind() : "";
    }
  }

  /// @param known `name` alone is a set in the data directory, or generated
  /// @param reader `name:PATH` reads files elsewhere
  record Source(
      String name,
      boolean known,
      boolean reader,
      Set<String> options,
      Function<Request, LoadedSource> open) {}

  private static final List<Source> SOURCES =
      List.of(
          known("mnist", ImageSources.OPTIONS, ImageSources::mnistLike),
          known("fashion-mnist", ImageSources.OPTIONS, ImageSources::mnistLike),
          known("cifar10", ImageSources.OPTIONS, ImageSources::cifar10),
          both("cifar100", Set.of("labels", StandardisedImages.OPTION), ImageSources::cifar100),
          both("svhn", ImageSources.OPTIONS, ImageSources::svhn),
          both("tiny-imagenet", ImageSources.OPTIONS, ImageSources::tinyImageNet),
          known("adult", Set.of(), CsvSources::adult),
          known("pbmc3k", CellSources.OPTIONS, CellSources::pbmc3k),
          both("speech-commands", SpeechSources.COMMAND_OPTIONS, SpeechSources::commands),
          known("fsdd", SpeechSources.MEL_OPTIONS, SpeechSources::digits),
          both("imdb", Set.of("features"), ReviewSources::imdb),
          known("stroke-digits", Set.of("rows", "test", "seed"), StrokeDigits::source),
          reader("idx", Set.of("classes"), ImageSources::idx),
          reader("cifar", ImageSources.OPTIONS, ImageSources::cifar10),
          reader("csv", CsvSources.OPTIONS, CsvSources::csv));

  private SourceTable() {}

  private static Source known(
      String name, Set<String> options, Function<Request, LoadedSource> open) {
    return new Source(name, true, false, options, open);
  }

  private static Source reader(
      String name, Set<String> options, Function<Request, LoadedSource> open) {
    return new Source(name, false, true, options, open);
  }

  private static Source both(
      String name, Set<String> options, Function<Request, LoadedSource> open) {
    return new Source(name, true, true, options, open);
  }

  static List<String> names(Predicate<Source> which) {
    return SOURCES.stream().filter(which).map(Source::name).toList();
  }

  static Optional<Source> find(String name) {
    return SOURCES.stream().filter(source -> source.name().equals(name)).findFirst();
  }
}
