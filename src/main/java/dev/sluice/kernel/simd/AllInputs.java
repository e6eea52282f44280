package dev.sluice.kernel.simd;

/// The fragment by which [SimdBlocksMatVec] goes over inputs: all of them. The template gets [ListedInputs] where they are listed.
final class AllInputs {
  private AllInputs() {}

  /// The input at a position.
  @Inlined
  static int index(int[] list, int position) {
    return position;
  }
}
