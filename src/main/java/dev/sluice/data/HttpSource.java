package dev.sluice.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;

/// Fetches one file from one address, and believes nothing: status, length and checksum must all
/// fit.
final class HttpSource {
  private static final int CHUNK_BYTES = 1 << 16;

  private final HttpClient client;
  private final Duration patience;
  private final DownloadProgress progress;

  HttpSource(HttpClient client, Duration patience, DownloadProgress progress) {
    this.client = client;
    this.patience = patience;
    this.progress = progress;
  }

  /// Appends the content of `source` to `target`.
  ///
  /// @throws IOException if this source fails, and another may do better
  void fetch(URI source, RemoteFile file, PartFile target) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(source).timeout(patience).header("User-Agent", "sluice").build();
    HttpResponse<InputStream> response;
    try {
      response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatasetException("download interrupted: source=" + source, e);
    }
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw new IOException("status=" + response.statusCode());
      }
      copy(body, file, target);
    }
  }

  private void copy(InputStream body, RemoteFile file, PartFile target) throws IOException {
    MessageDigest digest = ContentHash.digest("SHA-256");
    byte[] chunk = new byte[CHUNK_BYTES];
    long done = 0;
    try (StallGuard guard = new StallGuard(body, patience)) {
      for (int read = read(body, chunk, guard); read >= 0; read = read(body, chunk, guard)) {
        done += read;
        if (done > file.bytes()) {
          throw new IOException("longer than expected: expectedBytes=" + file.bytes());
        }
        digest.update(chunk, 0, read);
        target.write(chunk, read);
        guard.progressed(done);
        progress.advanced(file, done, file.bytes());
      }
    }
    if (done < file.bytes()) {
      throw new IOException("truncated: expectedBytes=" + file.bytes() + ", actualBytes=" + done);
    }
    String sha256 = HexFormat.of().formatHex(digest.digest());
    if (!sha256.equals(file.sha256())) {
      throw new IOException("checksum differs: expected=" + file.sha256() + ", actual=" + sha256);
    }
  }

  private int read(InputStream body, byte[] chunk, StallGuard guard) throws IOException {
    int read;
    try {
      read = body.read(chunk);
    } catch (IOException e) {
      throw guard.stalled() ? stalled() : e;
    }
    if (guard.stalled()) {
      throw stalled();
    }
    return read;
  }

  private IOException stalled() {
    return new IOException("stalled: seconds=" + patience.toSeconds());
  }

  /// The HTTP client's exceptions often have no message of their own.
  static String reason(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "host not found";
      }
    }
    String message = e.getMessage();
    if (e instanceof HttpTimeoutException) {
      return "timed out";
    }
    if (e instanceof ConnectException) {
      return "connection failed" + (message == null ? "" : " (" + message + ")");
    }
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
