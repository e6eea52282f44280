package dev.sluice.kernel.simd;

/// Marks statements of a template that [CopyTransform] repeats as often as the shape says, one straight line after the other: a register tile is written for
/// one row and loaded for eight. Variables that are assigned between the marks exist once in each copy.
final class Copies {
  private Copies() {}

  /// What follows is repeated.
  static void begin() {}

  /// The end of what is repeated.
  static void end() {}

  /// Which copy this is, a constant.
  static int index() {
    return 0;
  }
}
