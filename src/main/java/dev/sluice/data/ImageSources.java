package dev.sluice.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Image sets in the file layout of their original distribution.
final class ImageSources {
  private static final int MNIST_CLASSES = 10;

  /// @param name of the known set, or empty for a directory of the user's
  private record IdxDirectory(String name, Path directory) {
    ByteDataset part(String part, String prefix, int classes) {
      String label = name.isEmpty() ? directory.getFileName() + "" : name;
      return IdxReader.read(
          label + "/" + part, find(prefix + "-images", 3), find(prefix + "-labels", 1), classes);
    }

    /// Both spellings in circulation, with a hyphen and with a dot, gzipped or not.
    private Path find(String stem, int dimensions) {
      for (String separator : List.of("-", ".")) {
        for (String suffix : List.of(".gz", "")) {
          Path path = directory.resolve(stem + separator + "idx" + dimensions + "-ubyte" + suffix);
          if (Files.exists(path)) {
            return path;
          }
        }
      }
      throw missing(name, directory.resolve(stem + "-idx" + dimensions + "-ubyte.gz"));
    }
  }

  private ImageSources() {}

  static LoadedSource mnistLike(String name, Path base) {
    IdxDirectory files = new IdxDirectory(name, base.resolve(name));
    return LoadedSource.standardParts(
        () -> files.part("train", "train", MNIST_CLASSES),
        () -> files.part("test", "t10k", MNIST_CLASSES));
  }

  static LoadedSource idx(DataSpec spec) {
    IdxDirectory files = new IdxDirectory("", Path.of(spec.path()).toAbsolutePath());
    int given = (int) spec.number("classes", 0, 1, 256);
    if (given > 0) {
      return LoadedSource.standardParts(
          () -> files.part("train", "train", given), () -> files.part("test", "t10k", given));
    }
    return LoadedSource.ofSplit(
        () -> {
          ByteDataset train = files.part("train", "train", 0);
          return new DataSplit(train, files.part("test", "t10k", train.classes()));
        });
  }

  /// @param name empty for a directory of the user's
  static LoadedSource cifar(String name, Path directory) {
    List<Path> train = new ArrayList<>();
    for (int batch = 1; batch <= 5; batch++) {
      train.add(directory.resolve("data_batch_" + batch + ".bin"));
    }
    List<Path> test = List.of(directory.resolve("test_batch.bin"));
    return LoadedSource.standardParts(
        () -> CifarReader.read("cifar10/train", existing(name, train)),
        () -> CifarReader.read("cifar10/test", existing(name, test)));
  }

  private static List<Path> existing(String name, List<Path> paths) {
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw missing(name, path);
      }
    }
    return paths;
  }

  /// @param name of the known set that can be downloaded, or empty
  static DatasetException missing(String name, Path path) {
    String next =
        name.isEmpty()
            ? ""
            : "; run `sluice data get "
                + name
                + "`, or set "
                + DataDirectory.VARIABLE
                + " to the directory that holds it";
    return new DatasetException("data file missing: path=" + path + next);
  }
}
