package dev.sluice.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Film reviews (Maas et al. 2011, aclImdb v1) as [HashedWords]: tables `train.tsv` and `test.tsv`, or
/// the folders of the original.
final class ReviewSources {
  private static final int DEFAULT_FEATURES = 4096;
  private static final int MAX_FEATURES = 1 << 20;
  private static final List<String> CLASS_NAMES = List.of("neg", "pos");
  private static final String HEADER = "label\trating\tid\ttext";
  private static final int HIGHEST_RATING = 10;

  /// A review comes from one line, or one file.
  private record Review(String text, int label) {}

  private ReviewSources() {}

  static LoadedSource imdb(SourceTable.Request request) {
    int features = (int) request.spec().number("features", DEFAULT_FEATURES, 1, MAX_FEATURES);
    Path directory = request.directory("imdb");
    String set = request.knownName();
    return LoadedSource.standardParts(
        () -> dataset("imdb/train", reviews(set, directory, "train"), features),
        () -> dataset("imdb/test", reviews(set, directory, "test"), features));
  }

  private static List<Review> reviews(String set, Path directory, String part) {
    Path folder = directory.resolve(part);
    return Files.isDirectory(folder)
        ? folders(set, folder)
        : table(DataFile.existing(set, directory.resolve(part + ".tsv")));
  }

  private static FloatDataset dataset(String name, List<Review> reviews, int features) {
    long size = (long) reviews.size() * features;
    if (size > Integer.MAX_VALUE - 8) {
      throw new DatasetException(
          "too many features to keep: reviews=" + reviews.size() + ", features=" + features);
    }
    float[] values = new float[(int) size];
    int[] labels = new int[reviews.size()];
    for (int row = 0; row < labels.length; row++) {
      HashedWords.write(reviews.get(row).text, values, row * features, features);
      labels[row] = reviews.get(row).label;
    }
    Preparation preparation =
        new Preparation(
            "hashed-words",
            Map.of("features", features + "", "hash", "fnv1a-32", "value", "log1p"),
            List.of(),
            CLASS_NAMES);
    return FloatDataset.prepared(name, values, features, labels, preparation);
  }

  private static List<Review> table(Path path) {
    List<Review> reviews = new ArrayList<>();
    try (TextLines lines = TextLines.open(path)) {
      String header = lines.require(HEADER);
      if (!header.equals(HEADER)) {
        throw lines.problem("review table has another header", HEADER, header);
      }
      for (String line = lines.next(); line != null; line = lines.next()) {
        reviews.add(review(lines, line));
      }
      if (reviews.isEmpty()) {
        throw lines.problem("review table has no rows", "a row", "end of file");
      }
    }
    return reviews;
  }

  private static Review review(TextLines lines, String line) {
    String[] cells = line.split("\t", -1);
    if (cells.length != 4) {
      throw lines.problem("review row has another number of cells", 4, cells.length);
    }
    int label = CLASS_NAMES.indexOf(cells[0]);
    if (label < 0) {
      throw lines.problem("review label unknown", CLASS_NAMES, cells[0]);
    }
    if (!isRating(cells[1])) {
      throw lines.problem("review rating out of range", "1.." + HIGHEST_RATING, cells[1]);
    }
    return new Review(cells[3], label);
  }

  private static boolean isRating(String text) {
    return text.matches("[1-9]|10");
  }

  /// `pos/` and `neg/` with files `ID_RATING.txt`, by name; `unsup/` is not read.
  private static List<Review> folders(String set, Path folder) {
    List<Review> reviews = new ArrayList<>();
    for (int label = 0; label < CLASS_NAMES.size(); label++) {
      for (Path file : Folders.files(set, folder.resolve(CLASS_NAMES.get(label)), ".txt")) {
        String name = String.valueOf(file.getFileName());
        if (!name.matches("[0-9]+_([1-9]|10)\\.txt")) {
          throw new DatasetException(
              "review has another name: path=" + file + ", expected=ID_RATING.txt");
        }
        reviews.add(new Review(text(file), label));
      }
    }
    return reviews;
  }

  private static String text(Path file) {
    StringBuilder text = new StringBuilder();
    try (TextLines lines = TextLines.open(file)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        text.append(line).append('\n');
      }
    }
    return text.toString();
  }
}
