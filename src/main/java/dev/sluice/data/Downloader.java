package dev.sluice.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Brings the files of a catalogue entry into the data directory: each to a temporary file beside
/// its place, verified, then renamed. A failure leaves what was there before.
public final class Downloader {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DownloadProgress progress;
  private final Duration patience;

  public Downloader(DownloadProgress progress) {
    this(progress, PATIENCE);
  }

  /// @param patience with a server that does not answer, or stops sending
  Downloader(DownloadProgress progress, Duration patience) {
    this.progress = progress;
    this.patience = patience;
  }

  /// Downloads what is missing; files that are there are verified.
  ///
  /// @throws DatasetException if no source of a file delivers it, with each host's reason and how
  ///   to place the file by hand; if a file that is there differs from the published one; if the
  ///   disk is full
  public void get(DataCatalogue.Entry entry, Path directory) {
    for (RemoteFile file : entry.files()) {
      boolean present = isPresent(file, directory);
      if (!present) {
        fetch(file, directory);
      }
      progress.finished(file, present);
    }
  }

  private static boolean isPresent(RemoteFile file, Path directory) {
    if (!file.isArchive()) {
      return isVerified(directory.resolve(file.path()), "SHA-256", file.sha256());
    }
    boolean present = true;
    for (RemoteFile.Member member : file.members()) {
      present &= isVerified(directory.resolve(member.path()), "MD5", member.md5());
    }
    return present;
  }

  /// False if there is no such file. A file that differs may be the user's own: it is neither used
  /// nor overwritten.
  private static boolean isVerified(Path path, String algorithm, String expected) {
    if (!Files.exists(path)) {
      return false;
    }
    String actual = checksum(path, algorithm);
    if (!actual.equals(expected)) {
      throw new DatasetException(
          "data file differs from the published one: path="
              + path
              + ", expected"
              + algorithm
              + "="
              + expected
              + ", actual="
              + actual
              + "; delete it and run the command again");
    }
    return true;
  }

  private static String checksum(Path path, String algorithm) {
    MessageDigest digest = ContentHash.digest(algorithm);
    byte[] chunk = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(path)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        digest.update(chunk, 0, read);
      }
    } catch (IOException e) {
      throw DataFile.unreadable(path, e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void fetch(RemoteFile file, Path directory) {
    Path target = directory.resolve(file.path());
    if (file.isArchive() && isVerified(target, "SHA-256", file.sha256())) {
      ArchiveUnpacker.unpack(target, file.members(), directory);
      return;
    }
    List<String> failures = new ArrayList<>();
    for (URI source : file.sources()) {
      try (PartFile part = PartFile.beside(target);
          HttpClient client = client()) {
        fetch(source, file, part, client);
        if (file.isArchive()) {
          ArchiveUnpacker.unpack(part.path(), file.members(), directory);
        } else {
          part.commit();
        }
        return;
      } catch (IOException e) {
        failures.add(source.getHost() + ": " + HttpSource.reason(e));
      }
    }
    throw new DatasetException(
        "cannot download "
            + file.path()
            + ": "
            + String.join("; ", failures)
            + "; without a network, place the file by hand: path="
            + target
            + ", bytes="
            + file.bytes()
            + ", sha256="
            + file.sha256());
  }

  private HttpClient client() {
    return HttpClient.newBuilder()
        .followRedirects(HttpClient.Redirect.NORMAL)
        .connectTimeout(patience)
        .build();
  }

  private void fetch(URI source, RemoteFile file, PartFile part, HttpClient client)
      throws IOException {
    try {
      new HttpSource(client, patience, progress).fetch(source, file, part);
    } finally {
      // Otherwise close() would wait for whatever the server still has to say.
      client.shutdownNow();
    }
  }
}
