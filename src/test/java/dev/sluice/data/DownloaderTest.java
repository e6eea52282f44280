package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloaderTest {
  /// More than one chunk of the copy loop.
  private static final byte[] CONTENT =
      "0123456789abcdef".repeat(20_000).getBytes(StandardCharsets.US_ASCII);

  @TempDir Path directory;
  private HttpServer server;
  private ExecutorService threads;
  private final List<String> requests = new ArrayList<>();

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    serve("/good", CONTENT);
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(String path, byte[] content) {
    handle(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
        });
  }

  private void handle(String path, HttpHandler handler) {
    server.createContext(
        path,
        exchange -> {
          try (HttpExchange closed = exchange) {
            synchronized (requests) {
              requests.add(closed.getRequestURI().getPath());
            }
            handler.handle(closed);
          }
        });
  }

  private URI uri(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  private static String hex(String algorithm, byte[] bytes) {
    MessageDigest digest = ContentHash.digest(algorithm);
    return HexFormat.of().formatHex(digest.digest(bytes));
  }

  private static DataCatalogue.Entry entry(RemoteFile... files) {
    return new DataCatalogue.Entry("set", "test", "none", List.of(files));
  }

  private static RemoteFile file(URI... sources) {
    return new RemoteFile(
        "set/file.bin", List.of(sources), CONTENT.length, hex("SHA-256", CONTENT), List.of());
  }

  private static Downloader downloader() {
    return new Downloader((file, done, total) -> {}, Duration.ofSeconds(20));
  }

  private String failure(RemoteFile file) {
    return assertThrows(DatasetException.class, () -> downloader().get(entry(file), directory))
        .getMessage();
  }

  /// Every regular file below the directory, temporary ones included.
  private List<String> files() throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile)
          .map(path -> directory.relativize(path).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  @Test
  void aFileArrivesWholeAndIsReported() throws IOException {
    List<Long> done = new ArrayList<>();
    List<Boolean> finished = new ArrayList<>();
    DownloadProgress progress =
        new DownloadProgress() {
          @Override
          public void advanced(RemoteFile file, long doneBytes, long totalBytes) {
            assertEquals(CONTENT.length, totalBytes);
            done.add(doneBytes);
          }

          @Override
          public void finished(RemoteFile file, boolean wasPresent) {
            finished.add(wasPresent);
          }
        };
    new Downloader(progress).get(entry(file(uri("/good"))), directory);
    assertEquals(List.of("set/file.bin"), files());
    assertArrayEquals(CONTENT, Files.readAllBytes(directory.resolve("set/file.bin")));
    assertEquals(done.stream().sorted().toList(), done);
    assertEquals(CONTENT.length, done.getLast());
    assertEquals(List.of(false), finished);
    new Downloader(progress).get(entry(file(uri("/good"))), directory);
    assertEquals(List.of(false, true), finished);
    assertEquals(List.of("/good"), requests);
  }

  @Test
  void aWrongChecksumLeavesNothingAndNamesBoth() throws IOException {
    byte[] altered = CONTENT.clone();
    altered[altered.length - 1] ^= 1;
    serve("/altered", altered);
    String message = failure(file(uri("/altered")));
    assertTrue(
        message.contains(
            "localhost: checksum differs: expected="
                + hex("SHA-256", CONTENT)
                + ", actual="
                + hex("SHA-256", altered)),
        message);
    assertEquals(List.of(), files());
  }

  @Test
  void aMissingPageLeavesNothingAndSaysWhatToDo() throws IOException {
    handle("/gone", exchange -> exchange.sendResponseHeaders(404, -1));
    assertEquals(
        "cannot download set/file.bin: localhost: status=404; without a network, place the file by"
            + " hand: path="
            + directory.resolve("set/file.bin")
            + ", bytes=320000, sha256="
            + hex("SHA-256", CONTENT),
        failure(file(uri("/gone"))));
    assertEquals(List.of(), files());
  }

  @Test
  void aConnectionCutInTheMiddleLeavesNothing() throws IOException {
    handle(
        "/cut",
        exchange -> {
          exchange.sendResponseHeaders(200, CONTENT.length);
          exchange.getResponseBody().write(CONTENT, 0, 1000);
          exchange.getResponseBody().flush();
          throw new IOException("cut on purpose");
        });
    assertTrue(failure(file(uri("/cut"))).startsWith("cannot download set/file.bin: localhost: "));
    assertEquals(List.of(), files());
  }

  @Test
  void aShorterOrLongerFileLeavesNothing() throws IOException {
    serve("/short", new byte[100]);
    serve("/long", new byte[CONTENT.length + 1]);
    String message = failure(file(uri("/short"), uri("/long")));
    assertTrue(
        message.contains("truncated: expectedBytes=320000, actualBytes=100; localhost: longer"),
        message);
    assertEquals(List.of(), files());
  }

  @Test
  void aRefusedConnectionIsNamed() throws IOException {
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closedPort = socket.getLocalPort();
    }
    String message = failure(file(URI.create("http://localhost:" + closedPort + "/")));
    assertTrue(message.contains("localhost: connection failed"), message);
    assertEquals(List.of(), files());
  }

  @Test
  void anUnknownHostIsNamed() {
    String message = failure(file(URI.create("http://no-such-host.invalid/file")));
    assertTrue(message.contains("no-such-host.invalid: host not found"), message);
  }

  @Test
  void aServerThatStopsSendingIsGivenUp() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    handle(
        "/stall",
        exchange -> {
          exchange.sendResponseHeaders(200, CONTENT.length);
          exchange.getResponseBody().write(CONTENT, 0, 1000);
          exchange.getResponseBody().flush();
          await(end);
        });
    Downloader impatient = new Downloader((file, done, total) -> {}, Duration.ofSeconds(1));
    DatasetException e =
        assertThrows(
            DatasetException.class, () -> impatient.get(entry(file(uri("/stall"))), directory));
    end.countDown();
    assertTrue(e.getMessage().contains("localhost: stalled"), e.getMessage());
    assertEquals(List.of(), files());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void theNextMirrorIsTriedAfterAFailure() throws IOException {
    handle("/gone", exchange -> exchange.sendResponseHeaders(503, -1));
    downloader().get(entry(file(uri("/gone"), uri("/good"))), directory);
    assertEquals(List.of("/gone", "/good"), requests);
    assertEquals(List.of("set/file.bin"), files());
  }

  @Test
  void aRedirectIsFollowed() throws IOException {
    handle(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().add("Location", uri("/good").toString());
          exchange.sendResponseHeaders(302, -1);
        });
    downloader().get(entry(file(uri("/moved"))), directory);
    assertEquals(List.of("set/file.bin"), files());
  }

  @Test
  void aFileThatDiffersIsNeitherUsedNorOverwritten() throws IOException {
    Path present = directory.resolve("set/file.bin");
    Files.createDirectories(present.getParent());
    Files.writeString(present, "mine");
    String message = failure(file(uri("/good")));
    assertTrue(
        message.startsWith("data file differs from the published one: path=" + present), message);
    assertEquals("mine", Files.readString(present));
    assertEquals(List.of(), requests);
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamed() throws IOException {
    Files.writeString(directory.resolve("set"), "a file where a directory should be");
    assertTrue(failure(file(uri("/good"))).startsWith("cannot write data file: path="));
  }

  private static byte[] archive(String... namesAndContents) throws IOException {
    ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(buffer);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip)) {
      for (int i = 0; i < namesAndContents.length; i += 2) {
        byte[] content = namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(namesAndContents[i]);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return buffer.toByteArray();
  }

  private RemoteFile archiveFile(byte[] archive) {
    return new RemoteFile(
        "set/archive.tar.gz",
        List.of(uri("/archive")),
        archive.length,
        hex("SHA-256", archive),
        List.of(member("a", "alpha"), member("b", "beta")));
  }

  private static RemoteFile.Member member(String name, String content) {
    return new RemoteFile.Member(
        "in/" + name,
        "set/out/" + name,
        content.length(),
        hex("MD5", content.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void knownMembersOfAnArchiveAreKeptAndNothingElse() throws IOException {
    byte[] archive =
        archive(
            "in/a", "alpha", "../evil", "no", "/etc/evil", "no", "in/other", "x", "in/b", "beta");
    serve("/archive", archive);
    downloader().get(entry(archiveFile(archive)), directory);
    assertEquals(List.of("set/out/a", "set/out/b"), files());
    assertEquals("beta", Files.readString(directory.resolve("set/out/b")));
    assertFalse(Files.exists(directory.resolveSibling("evil")));
    downloader().get(entry(archiveFile(archive)), directory);
    assertEquals(List.of("/archive"), requests);
  }

  @Test
  void anArchivePlacedByHandIsUnpackedWithoutANetwork() throws IOException {
    byte[] archive = archive("in/a", "alpha", "in/b", "beta");
    Files.createDirectories(directory.resolve("set"));
    Files.write(directory.resolve("set/archive.tar.gz"), archive);
    downloader().get(entry(archiveFile(archive)), directory);
    assertEquals(List.of("set/archive.tar.gz", "set/out/a", "set/out/b"), files());
    assertEquals(List.of(), requests);
  }

  @Test
  void anArchiveWithAMissingAlteredOrDoubleMemberLeavesNothing() throws IOException {
    assertUnpackFails("member missing: name=in/b", archive("in/a", "alpha"));
    assertUnpackFails("member differs: name=in/b", archive("in/a", "alpha", "in/b", "Beta"));
    assertUnpackFails(
        "member comes twice: name=in/a", archive("in/a", "alpha", "in/a", "alpha", "in/b", "beta"));
    assertUnpackFails("archive is corrupt", "not an archive".getBytes(StandardCharsets.UTF_8));
  }

  private void assertUnpackFails(String expected, byte[] archive) throws IOException {
    serve("/archive", archive);
    String message = failure(archiveFile(archive));
    server.removeContext("/archive");
    assertTrue(message.contains(expected), message);
    assertEquals(List.of(), files());
  }
}
