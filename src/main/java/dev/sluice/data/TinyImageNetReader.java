package dev.sluice.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads Tiny-ImageNet as its authors lay it out; its validation part serves as the test part, since
/// the real one has no labels.
///
/// ```
/// wnids.txt                         one class a line: its order is that of the class indices
/// train/WNID/images/*.JPEG          rows: by class, then by file name
/// val/val_annotations.txt           FILE⇥WNID⇥four corners of a box: its order is that of the rows
/// val/images/*.JPEG
/// ```
///
/// Features: `plane · 4096 + y · 64 + x`, red first; a grey picture has three equal planes.
final class TinyImageNetReader {
  static final int SIDE = 64;
  static final int FEATURES = 3 * SIDE * SIDE;
  private static final int MAX_CLASSES = 256;
  private static final int ANNOTATION_CELLS = 6;
  private static final int MAX_ROWS = (Integer.MAX_VALUE - 8) / FEATURES;

  private record Picture(Path path, int label) {}

  private TinyImageNetReader() {}

  /// @param wnids path of `wnids.txt`
  static ByteDataset train(Path wnids) {
    List<String> classes = classes(wnids);
    List<Picture> pictures = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      Path folder = wnids.resolveSibling("train").resolve(classes.get(label)).resolve("images");
      for (Path file : Folders.files("", folder, ".jpeg")) {
        pictures.add(new Picture(file, label));
      }
    }
    return dataset("tiny-imagenet/train", pictures, classes.size());
  }

  /// @param wnids path of `wnids.txt`
  static ByteDataset validation(Path wnids) {
    List<String> classes = classes(wnids);
    Path folder = wnids.resolveSibling("val");
    List<Picture> pictures = new ArrayList<>();
    try (TextLines lines = TextLines.open(folder.resolve("val_annotations.txt"))) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        String[] cells = line.split("\t", -1);
        if (cells.length != ANNOTATION_CELLS || !cells[0].matches("\\w+\\.JPEG")) {
          throw lines.problem("annotation is malformed", "NAME.JPEG⇥WNID⇥4 numbers", line);
        }
        int label = classes.indexOf(cells[1]);
        if (label < 0) {
          throw lines.problem("annotation names an unknown class", "one of wnids.txt", cells[1]);
        }
        Path picture = folder.resolve("images").resolve(cells[0]);
        if (!Files.exists(picture)) {
          throw lines.problem("annotated picture is missing", picture, "nothing");
        }
        pictures.add(new Picture(picture, label));
      }
    }
    return dataset("tiny-imagenet/test", pictures, classes.size());
  }

  private static List<String> classes(Path wnids) {
    Set<String> seen = new HashSet<>();
    List<String> names = new ArrayList<>();
    try (TextLines lines = TextLines.open(wnids)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (!line.matches("n[0-9]{8}") || !seen.add(line)) {
          throw lines.problem("class is malformed or comes twice", "n and 8 digits", line);
        }
        names.add(line);
      }
      if (names.isEmpty() || names.size() > MAX_CLASSES) {
        throw lines.problem("number of classes out of range", "1.." + MAX_CLASSES, names.size());
      }
    }
    return names;
  }

  private static ByteDataset dataset(String name, List<Picture> pictures, int classes) {
    if (pictures.size() > MAX_ROWS) {
      throw new DatasetException("too many pictures to keep: pictures=" + pictures.size());
    }
    byte[] features = new byte[pictures.size() * FEATURES];
    byte[] labels = new byte[pictures.size()];
    for (int row = 0; row < labels.length; row++) {
      JpegPlanes.read(pictures.get(row).path, SIDE, features, row * FEATURES);
      labels[row] = (byte) pictures.get(row).label;
    }
    return new ByteDataset(name, features, new ImageShape(3, SIDE, SIDE), labels, classes);
  }
}
