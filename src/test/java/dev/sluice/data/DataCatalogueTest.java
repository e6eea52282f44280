package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCatalogueTest {
  @Test
  void everyKnownSetButTheGeneratedOneIsInTheCatalogue() {
    for (String name : DataSource.knownNames()) {
      if (!name.equals("stroke-digits")) {
        assertEquals(name, DataCatalogue.entry(name).name());
      }
    }
    assertTrue(
        assertThrows(DatasetException.class, () -> DataCatalogue.entry("imagenet"))
            .getMessage()
            .endsWith(
                "name=imagenet, known=[mnist, fashion-mnist, cifar10, adult, cifar100, svhn,"
                    + " tiny-imagenet, pbmc3k, speech-commands, fsdd, imdb]"));
  }

  @Test
  void everySourceIsEncryptedAndEveryFileHasAWholeChecksum() {
    for (DataCatalogue.Entry entry : DataCatalogue.entries()) {
      assertEquals(entry.isDownloadable(), entry.placed().isEmpty(), entry.name());
      entry.placed().forEach(path -> assertTrue(path.startsWith(entry.name() + "/"), path));
      for (RemoteFile file : entry.files()) {
        assertFalse(file.sources().isEmpty(), file.path());
        file.sources().forEach(source -> assertEquals("https", source.getScheme()));
        assertTrue(file.sha256().matches("[0-9a-f]{64}"), file.path());
        assertTrue(file.path().startsWith(entry.name() + "/"), file.path());
        for (RemoteFile.Member member : file.members()) {
          assertTrue(member.md5().matches("[0-9a-f]{32}"), member.path());
          assertTrue(member.path().startsWith(entry.name() + "/"), member.path());
        }
      }
    }
  }

  @Test
  void aSetIsCompleteWhenEveryFileHasItsLength(@TempDir Path directory) throws IOException {
    for (DataCatalogue.Entry entry : DataCatalogue.entries()) {
      assertFalse(entry.isComplete(directory));
      for (RemoteFile file : entry.files()) {
        if (file.isArchive()) {
          for (RemoteFile.Member member : file.members()) {
            createSparse(directory.resolve(member.path()), member.bytes());
          }
        } else {
          createSparse(directory.resolve(file.path()), file.bytes());
        }
      }
      for (String path : entry.placed()) {
        assertFalse(entry.isComplete(directory), entry.name());
        Files.createDirectories(directory.resolve(path));
      }
      assertTrue(entry.isComplete(directory), entry.name());
    }
    createSparse(directory.resolve("adult/adult.test"), 2_003_152);
    assertFalse(DataCatalogue.entry("adult").isComplete(directory));
  }

  private static void createSparse(Path path, long bytes) throws IOException {
    Files.createDirectories(path.getParent());
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(bytes);
    }
  }
}
