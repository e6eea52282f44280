package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  private static final byte[] OLD = {1, 2, 3};
  private static final byte[] NEW = new byte[10_000];

  @TempDir Path folder;

  private Path path = Path.of("");

  @BeforeEach
  void writeTheOldFile() throws IOException {
    path = Files.write(folder.resolve("file"), OLD);
  }

  @Test
  void aFileIsReplacedAndNothingElseIsLeft() throws IOException {
    AtomicFile.replace("file", path, channel -> AtomicFile.writeFully(channel, newBytes()));
    assertArrayEquals(NEW, Files.readAllBytes(path));
    assertFilesAre("file");
  }

  @Test
  void aFileIsCreatedWhereThereIsNone() throws IOException {
    Path other = folder.resolve("other");
    AtomicFile.replace("file", other, channel -> AtomicFile.writeFully(channel, newBytes()));
    assertArrayEquals(NEW, Files.readAllBytes(other));
    assertFilesAre("file", "other");
  }

  @Test
  void channelsThatTakeLittleAtATimeGetEverything() throws IOException {
    replace(temporary -> new FailingDisk(temporary, Long.MAX_VALUE, false, false));
    assertArrayEquals(NEW, Files.readAllBytes(path));
  }

  @Test
  void aDiskThatFillsUpLeavesTheOldFileAndNothingElse() throws IOException {
    for (long capacity : new long[] {0, 1, 4096, NEW.length - 1}) {
      UncheckedIOException e =
          failed(temporary -> new FailingDisk(temporary, capacity, false, false));
      assertEquals(
          "cannot write test file: path=" + path + ", reason=No space left on device",
          e.getMessage());
    }
  }

  @Test
  void aDiskThatCannotForceLeavesTheOldFileAndNothingElse() throws IOException {
    failed(temporary -> new FailingDisk(temporary, Long.MAX_VALUE, true, false));
  }

  @Test
  void aDiskThatFailsAtTheEndLeavesTheOldFileAndNothingElse() throws IOException {
    failed(temporary -> new FailingDisk(temporary, Long.MAX_VALUE, false, true));
  }

  /// The kernel's own "no space left on device", which `/dev/full` gives for every write.
  @Test
  void aRealFullDeviceLeavesTheOldFileAndNothingElse() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "no /dev/full on this system");
    UncheckedIOException e =
        failed(
            temporary -> {
              Files.createFile(temporary);
              return new FailingDisk(
                  FileChannel.open(full, StandardOpenOption.WRITE), Long.MAX_VALUE, false, false);
            });
    assertTrue(e.getMessage().endsWith("No space left on device"), e.getMessage());
  }

  @Test
  void aTemporaryFileThatCannotBeCreatedLeavesTheOldFile() throws IOException {
    failed(
        temporary -> {
          throw new IOException("read-only file system");
        });
  }

  @Test
  void contentThatFailsLeavesTheOldFileAndNothingElse() throws IOException {
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.replace(
                "test file",
                path,
                channel -> {
                  AtomicFile.writeFully(channel, newBytes());
                  throw new IllegalStateException("closed");
                }));
    assertOldFileAlone();
  }

  @Test
  void aTargetThatIsNoFileIsLeftAlone() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    assertThrows(
        UncheckedIOException.class, () -> AtomicFile.replace("test file", inner, channel -> {}));
    assertTrue(Files.isDirectory(inner));
    assertFilesAre("file", "inner");
  }

  /// A rename would put a file in the place of the pipe; opening it for reading would wait for a writer.
  @Test
  void aPipeIsNeitherReplacedNorRead() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe");
    assumeTrue(isCreated(pipe), "no mkfifo on this system");
    assertThrows(
        UncheckedIOException.class, () -> AtomicFile.replace("test file", pipe, channel -> {}));
    assertTrue(Files.exists(pipe) && !Files.isRegularFile(pipe));
    UncheckedIOException e =
        assertTimeoutPreemptively(
            Duration.ofSeconds(60),
            () -> assertThrows(UncheckedIOException.class, () -> SafetensorsFile.readHeader(pipe)));
    assertTrue(e.getMessage().endsWith("reason=not a regular file"), e.getMessage());
  }

  private static boolean isCreated(Path pipe) throws InterruptedException {
    try {
      return new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aMissingFolderIsNamed() {
    Path lost = folder.resolve("missing").resolve("file");
    UncheckedIOException e =
        assertThrows(
            UncheckedIOException.class, () -> AtomicFile.replace("test file", lost, channel -> {}));
    String start =
        "cannot write test file: path="
            + lost
            + ", reason=no such file or folder "
            + lost.getParent();
    assertTrue(e.getMessage().startsWith(start), e.getMessage());
  }

  @Test
  void aSymbolicLinkStaysAndItsFileIsReplaced() throws IOException {
    Path link;
    try {
      link = Files.createSymbolicLink(folder.resolve("link"), path);
    } catch (IOException | UnsupportedOperationException e) {
      assumeTrue(false, "no symbolic links on this system");
      return;
    }
    AtomicFile.replace("file", link, channel -> AtomicFile.writeFully(channel, newBytes()));
    assertTrue(Files.isSymbolicLink(link));
    assertArrayEquals(NEW, Files.readAllBytes(path));
  }

  private void replace(AtomicFile.Opener opener) {
    AtomicFile.replace(
        new FileOrigin("test file", path),
        channel -> AtomicFile.writeFully(channel, newBytes()),
        opener);
  }

  private UncheckedIOException failed(AtomicFile.Opener opener) throws IOException {
    UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> replace(opener));
    assertOldFileAlone();
    return e;
  }

  private void assertOldFileAlone() throws IOException {
    assertArrayEquals(OLD, Files.readAllBytes(path));
    assertFilesAre("file");
  }

  private void assertFilesAre(String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<String> actual = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertEquals(List.of(names), actual);
    }
  }

  private static ByteBuffer newBytes() {
    return ByteBuffer.wrap(NEW);
  }
}
