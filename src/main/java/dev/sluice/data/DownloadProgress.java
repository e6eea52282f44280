package dev.sluice.data;

/// Told by [Downloader] how far it is; called on the downloading thread.
public interface DownloadProgress {
  /// Some bytes of `file` have arrived. A new source starts again from 0.
  void advanced(RemoteFile file, long doneBytes, long totalBytes);

  /// `file` is in place and verified.
  ///
  /// @param wasPresent it was there already, nothing was downloaded
  default void finished(RemoteFile file, boolean wasPresent) {}
}
