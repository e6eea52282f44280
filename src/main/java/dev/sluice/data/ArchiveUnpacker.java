package dev.sluice.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Takes known members out of a tar.gz. Names in the archive are only compared, never used as
/// paths.
final class ArchiveUnpacker {
  private final Path archive;
  private final Path directory;
  private final Map<String, RemoteFile.Member> wanted = new HashMap<>();
  private final Map<String, PartFile> unpacked = new HashMap<>();

  private ArchiveUnpacker(Path archive, List<RemoteFile.Member> members, Path directory) {
    this.archive = archive;
    this.directory = directory;
    members.forEach(member -> wanted.put(member.nameInArchive(), member));
  }

  /// Puts `members` in place below `directory`; all are verified before the first one is.
  static void unpack(Path archive, List<RemoteFile.Member> members, Path directory) {
    ArchiveUnpacker unpacker = new ArchiveUnpacker(archive, members, directory);
    try {
      unpacker.readAll();
      unpacker.unpacked.values().forEach(PartFile::commit);
    } catch (IOException e) {
      throw new DatasetException(
          "archive is corrupt: path=" + archive + ", reason=" + e.getMessage(), e);
    } finally {
      unpacker.unpacked.values().forEach(PartFile::close);
    }
  }

  private void readAll() throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file, 1 << 16))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        RemoteFile.Member member = wanted.get(entry.getName());
        if (member != null && entry.isFile()) {
          copy(tar, member);
        }
      }
    }
    for (String name : wanted.keySet()) {
      if (!unpacked.containsKey(name)) {
        throw new IOException("member missing: name=" + name);
      }
    }
  }

  private void copy(InputStream tar, RemoteFile.Member member) throws IOException {
    PartFile part = PartFile.beside(directory.resolve(member.path()));
    PartFile twice = unpacked.put(member.nameInArchive(), part);
    if (twice != null) {
      twice.close();
      throw new IOException("member comes twice: name=" + member.nameInArchive());
    }
    MessageDigest digest = ContentHash.digest("MD5");
    byte[] chunk = new byte[1 << 16];
    for (int read = tar.read(chunk); read >= 0; read = tar.read(chunk)) {
      digest.update(chunk, 0, read);
      part.write(chunk, read);
    }
    String md5 = HexFormat.of().formatHex(digest.digest());
    if (!md5.equals(member.md5())) {
      throw new IOException(
          "member differs: name="
              + member.nameInArchive()
              + ", expectedMd5="
              + member.md5()
              + ", actualMd5="
              + md5);
    }
  }
}
