package dev.sluice.benchmark;

/// A way to answer a batch of fixed size: what is timed side by side.
interface Peer extends AutoCloseable {
  /// Returns (rows, outputs), row-major, valid until the next call.
  ///
  /// @param features (rows, inputs), row-major
  float[] answer(float[] features);

  @Override
  void close();
}
