package dev.sluice.account.jfr;

/// A model file that is being opened and will be in a recording.
public interface RecordedOpening {
  /// @param fileBytes −1 if unknown
  /// @param precision of the weights as opened
  void end(String path, long fileBytes, String precision, String placement);
}
