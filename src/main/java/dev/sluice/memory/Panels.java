package dev.sluice.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Weights bound to memory: a [PanelLayout] and one segment per panel.
///
/// A panel stays under 2 GiB; offsets over all panels are `long`, so that the whole may be larger.
public final class Panels {
  private final PanelLayout layout;
  private final MemorySegment segment;
  private final MemorySegment scales;
  private final MemorySegment[] blocks;

  private Panels(PanelLayout layout, MemorySegment segment, MemorySegment scales) {
    this.layout = layout;
    this.segment = segment;
    this.scales = scales;
    this.blocks = new MemorySegment[layout.blocks()];
    for (int block = 0; block < blocks.length; block++) {
      blocks[block] = segment.asSlice(layout.panelOffsetBytes(block), layout.panelBytes());
    }
  }

  /// Binds `segment`, which must be off-heap, 64-byte aligned and of exactly `layout.totalBytes()`, to a layout without scales.
  public static Panels of(PanelLayout layout, MemorySegment segment) {
    return of(layout, segment, MemorySegment.NULL);
  }

  /// The same with a scale per unit.
  ///
  /// @param scales (storedUnits) f32, off-heap and 64-byte aligned; empty where the precision has none
  public static Panels of(PanelLayout layout, MemorySegment segment, MemorySegment scales) {
    requireMemory("panel", layout.totalBytes(), segment);
    long scaleBytes = layout.precision().isScaled() ? (long) layout.storedUnits() * Float.BYTES : 0;
    requireMemory("scale", scaleBytes, scales);
    return new Panels(layout, segment, scales);
  }

  private static void requireMemory(String what, long expectedBytes, MemorySegment segment) {
    if (segment.byteSize() != expectedBytes) {
      throw new IllegalArgumentException(
          what
              + " memory differs from layout: expectedBytes="
              + expectedBytes
              + ", actualBytes="
              + segment.byteSize());
    }
    if (!segment.isNative() || !AlignedMemory.isAligned(segment)) {
      throw new IllegalArgumentException(
          what + " memory is not off-heap and 64-byte aligned: address=" + segment.address());
    }
  }

  /// Zero weights in fresh memory.
  public static Panels allocate(Arena arena, PanelLayout layout) {
    MemorySegment memory = AlignedMemory.allocate(arena, layout.totalBytes());
    MemorySegment scales =
        layout.precision().isScaled()
            ? AlignedMemory.allocateFloats(arena, layout.storedUnits())
            : MemorySegment.NULL;
    return of(layout, memory.asSlice(0, layout.totalBytes()), scales);
  }

  /// The same weights in fresh memory, rounded to `precision`; padding stays zero.
  ///
  /// bf16 is rounded to nearest even and saturates at its largest number; ∞, NaN and −0 stay. int8 takes `scale[u] = max|w[u][·]| / 127` and
  /// rounds `w / scale` to nearest even, saturating at ±127; a unit of zeros has scale 0. Narrow weights are converted by the f32 that they
  /// stand for, so back to f32 loses nothing but the rounding of `scale·q`.
  ///
  /// @throws IllegalArgumentException if a weight is not finite and `precision` is int8; the message names unit and input
  public Panels convert(Arena arena, WeightPrecision precision) {
    return WeightConversion.convert(arena, this, precision);
  }

  /// The same memory, which this view cannot change.
  public Panels asReadOnly() {
    return of(
        layout,
        segment.asReadOnly(),
        layout.precision().isScaled() ? scales.asReadOnly() : MemorySegment.NULL);
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

  /// A scale per stored unit, f32; empty where the precision has none.
  public MemorySegment scales() {
    return scales;
  }

  /// What the unit's sum is multiplied with before its bias is added: 1 where the precision has no scales.
  public float scale(int unit) {
    return layout.precision().isScaled()
        ? scales.get(AlignedMemory.FLOAT, (long) unit * Float.BYTES)
        : 1f;
  }

  /// The weight as it is stored, without its scale.
  public float stored(int unit, int input) {
    long offsetBytes = layout.weightOffsetBytes(unit, input);
    return switch (layout.precision()) {
      case F32 -> segment.get(AlignedMemory.FLOAT, offsetBytes);
      case BF16 ->
          Float.intBitsToFloat(segment.get(AlignedMemory.SHORT, offsetBytes) << Short.SIZE);
      case INT8 -> segment.get(ValueLayout.JAVA_BYTE, offsetBytes);
    };
  }

  /// The weight that is computed with: as stored, times its scale.
  public float get(int unit, int input) {
    return stored(unit, input) * scale(unit);
  }

  /// Stores a weight of f32 panels.
  public void set(int unit, int input, float weight) {
    if (layout.precision() != WeightPrecision.F32) {
      throw new IllegalStateException(
          "weights of this precision are converted, not set: precision=" + layout.precision());
    }
    segment.set(AlignedMemory.FLOAT, layout.weightOffsetBytes(unit, input), weight);
  }

  /// Copies one block of inputs into transposed panels, whose units are these inputs and whose inputs are these padded units:
  /// `transposed(inputBlock·B + i, unit) = this(unit, inputBlock·B + i)`, with `B` the block size of `transposed`.
  public void transposeInto(int inputBlock, Panels transposed) {
    if (layout.precision() != WeightPrecision.F32) {
      throw new IllegalStateException(
          "weights of this precision are not transposed: precision=" + layout.precision());
    }
    int blockSize = layout.blockSize();
    int width = transposed.layout.blockSize();
    int firstInput = inputBlock * width;
    int inputs = Math.min(width, layout.inputs() - firstInput);
    MemorySegment target = transposed.block(inputBlock);
    // On the heap, as C2 leaves fewer bounds checks in loops over arrays than in loops over
    // segments.
    float[] source = new float[inputs * blockSize];
    float[] turned = new float[blockSize * width];
    for (int block = 0; block < blocks.length; block++) {
      long sourceBytes = (long) firstInput * layout.inputStrideBytes();
      MemorySegment.copy(blocks[block], AlignedMemory.FLOAT, sourceBytes, source, 0, source.length);
      for (int lane = 0; lane < blockSize; lane++) {
        for (int i = 0; i < inputs; i++) {
          turned[lane * width + i] = source[i * blockSize + lane];
        }
      }
      long targetBytes = (long) block * turned.length * Float.BYTES;
      MemorySegment.copy(turned, 0, target, AlignedMemory.FLOAT, targetBytes, turned.length);
    }
  }
}
