package dev.sluice.kernel.simd;

/// [AllInputs] for a list in ascending order.
final class ListedInputs {
  private ListedInputs() {}

  @Inlined
  static int index(int[] list, int position) {
    return list[position];
  }
}
