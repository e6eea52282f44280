package dev.sluice.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Weights bound to memory: a [PanelLayout] and one segment per panel.
///
/// A panel stays under 2 GiB, so kernels index it by `int` bytes, whatever the size of the whole.
public final class Panels {
  private final PanelLayout layout;
  private final MemorySegment segment;
  private final MemorySegment[] blocks;

  private Panels(PanelLayout layout, MemorySegment segment) {
    this.layout = layout;
    this.segment = segment;
    this.blocks = new MemorySegment[layout.blocks()];
    for (int block = 0; block < blocks.length; block++) {
      blocks[block] = segment.asSlice(layout.panelOffsetBytes(block), layout.panelBytes());
    }
  }

  /// Binds `segment`, which must be off-heap, 64-byte aligned and of exactly `layout.totalBytes()`.
  public static Panels of(PanelLayout layout, MemorySegment segment) {
    if (segment.byteSize() != layout.totalBytes()) {
      throw new IllegalArgumentException(
          "panel memory differs from layout: expectedBytes="
              + layout.totalBytes()
              + ", actualBytes="
              + segment.byteSize());
    }
    if (!segment.isNative() || !AlignedMemory.isAligned(segment)) {
      throw new IllegalArgumentException(
          "panel memory is not off-heap and 64-byte aligned: address=" + segment.address());
    }
    return new Panels(layout, segment);
  }

  /// Zero weights in fresh memory.
  public static Panels allocate(Arena arena, PanelLayout layout) {
    MemorySegment memory = AlignedMemory.allocate(arena, layout.totalBytes());
    return of(layout, memory.asSlice(0, layout.totalBytes()));
  }

  public PanelLayout layout() {
    return layout;
  }

  /// All panels, contiguous.
  public MemorySegment segment() {
    return segment;
  }

  /// The panel of one block, `layout().panelBytes()` long.
  public MemorySegment block(int block) {
    return blocks[block];
  }

  public float get(int unit, int input) {
    return segment.get(AlignedMemory.FLOAT, layout.weightOffsetBytes(unit, input));
  }

  public void set(int unit, int input, float weight) {
    segment.set(AlignedMemory.FLOAT, layout.weightOffsetBytes(unit, input), weight);
  }

  /// Copies one block of inputs into transposed panels, whose units are these inputs and whose inputs are these padded units:
  /// `transposed(inputBlock·B + i, unit) = this(unit, inputBlock·B + i)`, with `B` the block size of `transposed`.
  public void transposeInto(int inputBlock, Panels transposed) {
    int targetStrideBytes = transposed.layout.inputStrideBytes();
    int firstInput = inputBlock * transposed.layout.blockSize();
    int inputs = Math.min(transposed.layout.blockSize(), layout.inputs() - firstInput);
    MemorySegment target = transposed.block(inputBlock);
    for (int unit = 0; unit < layout.paddedUnits(); unit++) {
      MemorySegment source = blocks[unit / layout.blockSize()];
      int lane = unit % layout.blockSize();
      for (int i = 0; i < inputs; i++) {
        int sourceBytes = (firstInput + i) * layout.inputStrideBytes() + lane * Float.BYTES;
        float weight = source.get(AlignedMemory.FLOAT, sourceBytes);
        target.set(AlignedMemory.FLOAT, unit * targetStrideBytes + i * Float.BYTES, weight);
      }
    }
  }
}
