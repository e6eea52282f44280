package dev.sluice.data;

import java.net.URI;
import java.util.List;

/// A file that can be downloaded, or an archive of which some members are kept.
///
/// @param path below the data directory, with `/`; an archive is not kept there, but used if
///   somebody put it there
/// @param sources mirrors, tried in order
/// @param bytes exact length
/// @param sha256 lower-case hex
/// @param members what is unpacked; empty for a file that is kept as it is
public record RemoteFile(
    String path, List<URI> sources, long bytes, String sha256, List<Member> members) {
  /// A regular file inside a tar.gz archive.
  ///
  /// @param nameInArchive with `/`
  /// @param path below the data directory, with `/`
  /// @param md5 as published by the set's authors, lower-case hex
  public record Member(String nameInArchive, String path, long bytes, String md5) {}

  public RemoteFile {
    sources = List.copyOf(sources);
    members = List.copyOf(members);
  }

  public boolean isArchive() {
    return !members.isEmpty();
  }
}
