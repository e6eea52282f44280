package dev.sluice.memory;

/// Where the weights of one product lie: a panel per block of units, input-major, lanes are units.
///
/// ```
///  panel 0                                 panel 1
///  ├ input 0: unit 0 … unit B-1            ├ input 0: unit B … unit 2B-1
///  ├ input 1: unit 0 … unit B-1            ├ …
///  ├ …
///  └ input storedInputs-1
///  shape (blocks, storedInputs, B), little-endian, no gaps
/// ```
///
/// The last block is padded with units of zero weights. `storedInputs` exceeds `inputs` by zero rows only where a
/// panel would otherwise not fill whole cache lines (narrow blocks of narrow weights). Within an input's row lanes are in order, but
/// paired for bf16: [WeightPrecision].
///
/// @param units true units, before padding to whole blocks
/// @param inputs inputs of the product; 0 makes a product that is its bias
/// @param blockSize units in a block: 8, 16, 32 or 64
/// @param precision of the stored weights
public record PanelLayout(int units, int inputs, int blockSize, WeightPrecision precision) {
  /// In f32.
  public PanelLayout(int units, int inputs, int blockSize) {
    this(units, inputs, blockSize, WeightPrecision.F32);
  }

  public PanelLayout {
    if (!isBlockSize(blockSize)) {
      throw new IllegalArgumentException(
          "block size is not one of 8, 16, 32, 64: blockSize=" + blockSize);
    }
    if (units < 1 || inputs < 0 || units > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(
          "panel shape out of range: units=" + units + ", inputs=" + inputs);
    }
    if ((units + (long) blockSize) * Float.BYTES > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("outputs exceed 2 GiB: units=" + units);
    }
    if ((long) inputs * blockSize * Float.BYTES > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(
          "panel exceeds 2 GiB: inputs=" + inputs + ", blockSize=" + blockSize);
    }
  }

  /// The same product with weights stored otherwise.
  public PanelLayout withPrecision(WeightPrecision newPrecision) {
    return new PanelLayout(units, inputs, blockSize, newPrecision);
  }

  public static boolean isBlockSize(int blockSize) {
    return blockSize == 8 || blockSize == 16 || blockSize == 32 || blockSize == 64;
  }

  /// The smallest block that holds `units`, but none above `largest`: little padding for narrow products.
  public static int fittingBlockSize(int units, int largest) {
    int blockSize = 8;
    while (blockSize < units && blockSize < largest) {
      blockSize *= 2;
    }
    return blockSize;
  }

  public int blocks() {
    return (units + blockSize - 1) / blockSize;
  }

  /// Units with the padding of the last block.
  public int paddedUnits() {
    return blocks() * blockSize;
  }

  /// Inputs with the zero rows that whole cache lines may need.
  public int storedInputs() {
    int rowsPerLine = Math.max(1, AlignedMemory.ALIGNMENT_BYTES / inputStrideBytes());
    return (inputs + rowsPerLine - 1) / rowsPerLine * rowsPerLine;
  }

  /// Entries of a bias as stored: padded units, and padded further to whole cache lines (`B = 8`).
  public int storedUnits() {
    return (int) (AlignedMemory.alignUp((long) paddedUnits() * Float.BYTES) / Float.BYTES);
  }

  /// From one input's weights to the next input's within a panel.
  public int inputStrideBytes() {
    return blockSize * precision.elementBytes();
  }

  public int panelBytes() {
    return storedInputs() * inputStrideBytes();
  }

  public long panelOffsetBytes(int block) {
    return (long) block * panelBytes();
  }

  public long totalBytes() {
    return panelOffsetBytes(blocks());
  }

  /// Offset of the weight from `input` to `unit`.
  public long weightOffsetBytes(int unit, int input) {
    return panelOffsetBytes(unit / blockSize)
        + (long) input * inputStrideBytes()
        + (long) precision.elementOf(unit % blockSize, blockSize) * precision.elementBytes();
  }
}
