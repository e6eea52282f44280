package dev.sluice.kernel;

import java.util.Arrays;

/// The open blocks of a layer, or the inputs to be read: ascending indices below a fixed capacity.
///
/// Mutable and reused from request to request; not thread-safe.
public final class ActiveSet {
  private final int[] indices;
  private int count;

  public ActiveSet(int capacity) {
    this.indices = new int[capacity];
  }

  /// All of `0 … size-1`.
  public static ActiveSet all(int size) {
    ActiveSet set = new ActiveSet(size);
    for (int index = 0; index < size; index++) {
      set.add(index);
    }
    return set;
  }

  public int capacity() {
    return indices.length;
  }

  public int count() {
    return count;
  }

  public boolean isFull() {
    return count == indices.length;
  }

  public int index(int position) {
    return indices[position];
  }

  /// The indices in ascending order; entries from [#count] on are left over from earlier requests. Not a copy.
  public int[] indices() {
    return indices;
  }

  public void clear() {
    count = 0;
  }

  /// Appends `index`, which must exceed all indices in the set.
  public void add(int index) {
    if (index < 0 || index >= indices.length || (count > 0 && index <= indices[count - 1])) {
      throw new IllegalArgumentException(
          "active index out of range or order: index="
              + index
              + ", capacity="
              + indices.length
              + ", count="
              + count);
    }
    indices[count++] = index;
  }

  /// Makes this set the first `count` entries of [#indices], which the caller wrote there in ascending order: for kernels, whose loops have no
  /// room for the checks of [#add].
  public void setCount(int count) {
    assert count >= 0 && count <= indices.length && isAscending(count) : this;
    this.count = count;
  }

  private boolean isAscending(int end) {
    for (int position = 1; position < end; position++) {
      if (indices[position] <= indices[position - 1]) {
        return false;
      }
    }
    return true;
  }

  /// Makes this set the units of the blocks in `blocks`, those at or past the capacity (padding) left out.
  public void setToUnitsOf(ActiveSet blocks, int blockSize) {
    int next = 0;
    for (int position = 0; position < blocks.count; position++) {
      int from = blocks.indices[position] * blockSize;
      int to = Math.min(from + blockSize, indices.length);
      for (int unit = from; unit < to; unit++) {
        indices[next++] = unit;
      }
    }
    count = next;
  }

  @Override
  public String toString() {
    return Arrays.toString(Arrays.copyOf(indices, count));
  }
}
