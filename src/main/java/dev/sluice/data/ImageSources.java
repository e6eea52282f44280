package dev.sluice.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Image sets in the file layout of their original distribution.
final class ImageSources {
  static final Set<String> OPTIONS = Set.of(StandardisedImages.OPTION);

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
      throw DataFile.missing(name, directory.resolve(stem + "-idx" + dimensions + "-ubyte.gz"));
    }
  }

  private ImageSources() {}

  private static LoadedSource standardised(
      SourceTable.Request request, Supplier<Dataset> train, Supplier<Dataset> test) {
    return StandardisedImages.of(request.spec(), LoadedSource.standardParts(train, test));
  }

  static LoadedSource mnistLike(SourceTable.Request request) {
    String name = request.knownName();
    IdxDirectory files = new IdxDirectory(name, request.directory(name));
    return standardised(
        request,
        () -> files.part("train", "train", MNIST_CLASSES),
        () -> files.part("test", "t10k", MNIST_CLASSES));
  }

  static LoadedSource idx(SourceTable.Request request) {
    IdxDirectory files = new IdxDirectory("", request.directory(""));
    int given = (int) request.spec().number("classes", 0, 1, 256);
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

  static LoadedSource cifar10(SourceTable.Request request) {
    Path directory = request.directory("cifar10/cifar-10-batches-bin");
    List<Path> train = new ArrayList<>();
    for (int batch = 1; batch <= 5; batch++) {
      train.add(directory.resolve("data_batch_" + batch + ".bin"));
    }
    List<Path> test = List.of(directory.resolve("test_batch.bin"));
    return cifar(request, "cifar10", CifarReader.Labels.TEN, train, test);
  }

  static LoadedSource cifar100(SourceTable.Request request) {
    Path directory = request.directory("cifar100/cifar-100-binary");
    CifarReader.Labels labels =
        request
            .spec()
            .choice(
                "labels",
                request.spec().text("labels", "fine"),
                Map.of("fine", CifarReader.Labels.FINE, "coarse", CifarReader.Labels.COARSE));
    List<Path> train = List.of(directory.resolve("train.bin"));
    List<Path> test = List.of(directory.resolve("test.bin"));
    return cifar(request, "cifar100", labels, train, test);
  }

  private static LoadedSource cifar(
      SourceTable.Request request,
      String name,
      CifarReader.Labels labels,
      List<Path> train,
      List<Path> test) {
    String set = request.knownName();
    return standardised(
        request,
        () -> CifarReader.read(name + "/train", existing(set, train), labels),
        () -> CifarReader.read(name + "/test", existing(set, test), labels));
  }

  static LoadedSource svhn(SourceTable.Request request) {
    Path directory = request.directory("svhn");
    String set = request.knownName();
    Path train = directory.resolve("train_32x32.mat");
    Path test = directory.resolve("test_32x32.mat");
    return standardised(
        request,
        () -> SvhnReader.read("svhn/train", DataFile.existing(set, train)),
        () -> SvhnReader.read("svhn/test", DataFile.existing(set, test)));
  }

  static LoadedSource tinyImageNet(SourceTable.Request request) {
    Path directory = request.directory("tiny-imagenet/tiny-imagenet-200");
    String set = request.knownName();
    Path classes = directory.resolve("wnids.txt");
    return standardised(
        request,
        () -> TinyImageNetReader.train(existing(set, classes)),
        () -> TinyImageNetReader.validation(existing(set, classes)));
  }

  private static Path existing(String set, Path path) {
    return existing(set, List.of(path)).getFirst();
  }

  private static List<Path> existing(String set, List<Path> paths) {
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw DataFile.missing(set, path);
      }
    }
    return paths;
  }
}
