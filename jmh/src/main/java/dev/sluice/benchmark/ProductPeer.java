package dev.sluice.benchmark;

/// A library that multiplies the same matrices again and again: `y[row][unit] = Σ_k x[row][k] · w[unit][k]`.
interface ProductPeer extends AutoCloseable {
  void multiply();

  /// Of the last product, without bias.
  float result(int row, int unit);

  /// What ran, as precisely as the library says.
  String name();

  @Override
  void close();
}
