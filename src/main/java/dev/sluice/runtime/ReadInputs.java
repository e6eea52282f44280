package dev.sluice.runtime;

import dev.sluice.kernel.ActiveSet;

/// Which inputs the products of one layer read: those the layer before left open, or of these the non-zero ones.
final class ReadInputs {
  private final ActiveSet open;
  private ActiveSet chosen;

  /// @param open may change from row to row
  ReadInputs(ActiveSet open) {
    this.open = open;
    this.chosen = open;
  }

  ActiveSet open() {
    return open;
  }

  ActiveSet chosen() {
    return chosen;
  }

  void choose(ActiveSet inputs) {
    this.chosen = inputs;
  }
}
