package dev.sluice.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Text tables: files of the user's with options, and the Adult census set.
final class CsvSources {
  static final Set<String> OPTIONS =
      Set.of(
          "label",
          "header",
          "task",
          "delimiter",
          "comment",
          "missing",
          "ignore",
          "labelSuffix",
          "strict",
          "test",
          "seed");

  private static final double DEFAULT_TEST_SHARE = 0.2;

  private static final List<String> ADULT_COLUMNS =
      List.of(
          "age",
          "workclass",
          "fnlwgt",
          "education",
          "education-num",
          "marital-status",
          "occupation",
          "relationship",
          "race",
          "sex",
          "capital-gain",
          "capital-loss",
          "hours-per-week",
          "native-country",
          "income");

  private CsvSources() {}

  static LoadedSource csv(SourceTable.Request request) {
    DataSpec spec = request.spec();
    CsvSchema schema = request.schema();
    Path file = Path.of(spec.path()).toAbsolutePath();
    CsvOptions options = options(spec, request.strict());
    String name = String.valueOf(file.getFileName());
    String test = spec.get("test");
    if (test == null || isShare(test)) {
      return held(name, file, spec, test, schema, options);
    }
    if (test.equals("all")) {
      return wholeFile(spec, name, file, schema, options);
    }
    return files(name, file, options, file.resolveSibling(test), options, schema);
  }

  /// A test part held out of the one file. The same text names the same rows, whether a model is
  /// trained or evaluated.
  private static LoadedSource held(
      String name,
      Path file,
      DataSpec spec,
      @Nullable String test,
      @Nullable CsvSchema schema,
      CsvOptions options) {
    double share = test == null ? DEFAULT_TEST_SHARE : Double.parseDouble(test);
    long seed = spec.number("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE);
    return new LoadedSource(
        () -> CsvReader.holdOut(name, file, share, seed, options, schema),
        () -> CsvReader.holdOut(name, file, share, seed, options, schema).test(),
        () -> CsvReader.read(name, file, fitted(file, options, schema), options));
  }

  private static LoadedSource wholeFile(
      DataSpec spec, String name, Path file, @Nullable CsvSchema schema, CsvOptions options) {
    return new LoadedSource(
        () -> {
          throw new DatasetException("test=all leaves no rows to train on: data=" + spec.text());
        },
        () -> CsvReader.read(name, file, fitted(file, options, schema), options),
        () -> CsvReader.read(name, file, fitted(file, options, schema), options));
  }

  private static LoadedSource files(
      String name,
      Path train,
      CsvOptions trainOptions,
      Path test,
      CsvOptions testOptions,
      @Nullable CsvSchema schema) {
    return new LoadedSource(
        () -> CsvReader.split(name, train, trainOptions, test, testOptions, schema),
        () -> testPart(name, train, trainOptions, test, testOptions, schema),
        () -> testPart(name, train, trainOptions, test, testOptions, schema));
  }

  private static Dataset testPart(
      String name,
      Path train,
      CsvOptions trainOptions,
      Path test,
      CsvOptions testOptions,
      @Nullable CsvSchema schema) {
    return CsvReader.read(name + "/test", test, fitted(train, trainOptions, schema), testOptions);
  }

  private static CsvSchema fitted(Path file, CsvOptions options, @Nullable CsvSchema schema) {
    return schema == null ? CsvReader.fit(file, options) : schema;
  }

  private static boolean isShare(String test) {
    return CsvTable.number(test).isPresent();
  }

  static LoadedSource adult(SourceTable.Request request) {
    Path directory = request.directory("adult");
    Path train = DataFile.existing("adult", directory.resolve("adult.data"));
    Path test = DataFile.existing("adult", directory.resolve("adult.test"));
    CsvOptions trainOptions = adultOptions("", request.strict());
    CsvOptions testOptions = adultOptions(".", request.strict());
    return files("adult", train, trainOptions, test, testOptions, request.schema());
  }

  /// `adult.test` opens with the line `|1x3 Cross validator` and ends each label with a full stop.
  private static CsvOptions adultOptions(String labelSuffix, boolean strict) {
    return CsvOptions.builder()
        .header(CsvOptions.Header.ABSENT)
        .columnNames(ADULT_COLUMNS)
        .comment("|")
        .labelSuffix(labelSuffix)
        .task(CsvOptions.Task.CLASSIFICATION)
        .strict(strict)
        .build();
  }

  private static CsvOptions options(DataSpec spec, boolean strict) {
    CsvOptions.Builder builder = CsvOptions.builder().strict(spec.flag("strict", strict));
    spec.options().forEach((key, value) -> set(builder, spec, key, value));
    return builder.build();
  }

  private static void set(CsvOptions.Builder builder, DataSpec spec, String key, String value) {
    switch (key) {
      case "label" -> builder.labels(DataSpec.list(value));
      case "ignore" -> builder.ignored(DataSpec.list(value));
      case "missing" -> builder.missing(Set.copyOf(DataSpec.list(value)));
      case "labelSuffix" -> builder.labelSuffix(value);
      case "comment" -> builder.comment(value);
      case "delimiter" -> builder.delimiter(delimiter(spec, value));
      case "header" ->
          builder.header(
              spec.choice(
                  key,
                  value,
                  Map.of(
                      "detect",
                      CsvOptions.Header.DETECT,
                      "true",
                      CsvOptions.Header.PRESENT,
                      "false",
                      CsvOptions.Header.ABSENT)));
      case "task" ->
          builder.task(
              spec.choice(
                  key,
                  value,
                  Map.of(
                      "detect",
                      CsvOptions.Task.DETECT,
                      "classification",
                      CsvOptions.Task.CLASSIFICATION,
                      "regression",
                      CsvOptions.Task.REGRESSION)));
      default -> {}
    }
  }

  private static char delimiter(DataSpec spec, String value) {
    if (value.equals("tab")) {
      return '\t';
    }
    if (value.length() != 1) {
      throw new DatasetException(
          "delimiter is not one character or `tab`: delimiter=" + value + ", data=" + spec.text());
    }
    return value.charAt(0);
  }
}
