package dev.sluice.data;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// Lists directories in an order that does not depend on the file system.
final class Folders {
  private static final Comparator<Path> BY_NAME =
      Comparator.comparing(path -> path.getFileName().toString());

  private Folders() {}

  /// The files of `folder` whose names end in `suffix`, in any case, by code unit; hidden ones are
  /// passed over.
  ///
  /// @param set for advice if the folder is missing, or empty
  /// @throws DatasetException if there is none
  static List<Path> files(String set, Path folder, String suffix) {
    List<Path> files =
        list(
            set,
            folder,
            path ->
                path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(suffix)
                    && Files.isRegularFile(path));
    if (files.isEmpty()) {
      throw new DatasetException("folder has no files: path=" + folder + ", expected=*" + suffix);
    }
    return files;
  }

  /// The folders in `folder`, by code unit; hidden ones are passed over.
  static List<Path> folders(String set, Path folder) {
    return list(set, folder, Files::isDirectory);
  }

  private static List<Path> list(String set, Path folder, Predicate<Path> wanted) {
    if (!Files.isDirectory(folder)) {
      throw DataFile.missing(set, folder);
    }
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path path : stream) {
        if (!path.getFileName().toString().startsWith(".") && wanted.test(path)) {
          paths.add(path);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw DataFile.unreadable(folder, new IOException(e));
    } catch (IOException e) {
      throw DataFile.unreadable(folder, e);
    }
    paths.sort(BY_NAME);
    return paths;
  }
}
