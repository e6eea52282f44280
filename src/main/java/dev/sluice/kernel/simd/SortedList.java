package dev.sluice.kernel.simd;

/// Ascending indices in a part of an array.
final class SortedList {
  private SortedList() {}

  /// The first position from `from` on whose index is at least `index`, or `to`.
  static int firstAtLeast(int index, int[] list, int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (list[middle] < index) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
