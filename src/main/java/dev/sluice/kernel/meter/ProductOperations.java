package dev.sluice.kernel.meter;

/// What the products of one set of panels executed, as measured; beside it what their calls asked for, from which the fixed terms follow.
///
/// @param fused fused multiply-adds times lanes
/// @param paddingMacs of the fused multiply-adds those of lanes that are no unit; of gradients of inputs only those of lanes that are no input, as transposed panels do not know how many units are true
/// @param single other floating-point operations times lanes
/// @param weightBytes of weights read from panels, as often as they were read
/// @param chunkSums padded units times chunks: each chunk's sum is added once
/// @param biasSums padded units of open blocks: each takes its bias once, by an addition, or where weights have scales by a fused multiply-add
/// @param scaledSums those of them that take a scale with it
/// @param repeatedMacs of rows that were computed again to fill a tile
public record ProductOperations(
    long fused,
    long paddingMacs,
    long single,
    long weightBytes,
    long chunkSums,
    long biasSums,
    long scaledSums,
    long repeatedMacs) {
  public static final ProductOperations NONE = new ProductOperations(0, 0, 0, 0, 0, 0, 0, 0);

  public ProductOperations plus(ProductOperations other) {
    return new ProductOperations(
        fused + other.fused,
        paddingMacs + other.paddingMacs,
        single + other.single,
        weightBytes + other.weightBytes,
        chunkSums + other.chunkSums,
        biasSums + other.biasSums,
        scaledSums + other.scaledSums,
        repeatedMacs + other.repeatedMacs);
  }

  /// Floating-point operations: two of each fused multiply-add.
  public long flops() {
    return 2 * fused + single;
  }

  /// What the calls need beside multiply-accumulates: sums of chunks, biases, and twice the scales' part of these, as fused multiply-adds.
  public long fixedFlops() {
    return chunkSums + biasSums + scaledSums;
  }

  /// Measured multiply-accumulates, padding among them; neither scales nor rows that were computed again.
  public long macs() {
    return fused - scaledSums - repeatedMacs;
  }

  /// [#macs] without [#paddingMacs].
  public long unitMacs() {
    return macs() - paddingMacs;
  }

  /// What is left of the operations when multiply-accumulates, repeated rows and fixed terms are taken off: 0, or the kernels do something else.
  public long unexplainedFlops() {
    return flops() - 2 * (macs() + repeatedMacs) - fixedFlops();
  }
}
