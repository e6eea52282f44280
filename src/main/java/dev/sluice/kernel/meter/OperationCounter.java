package dev.sluice.kernel.meter;

import dev.sluice.memory.Panels;

/// What one thread has executed, added up by calls that [CountingTransform] puts among a kernel's instructions. Public, as these come from classes of another
/// module.
public final class OperationCounter {
  private static final ThreadLocal<OperationCounter> OF_THREAD =
      ThreadLocal.withInitial(OperationCounter::new);

  private long fused;
  private long single;
  private long weightBytes;

  private OperationCounter() {}

  static OperationCounter ofThread() {
    return OF_THREAD.get();
  }

  /// Fused multiply-adds, two operations each.
  public static void fused(int lanes) {
    OF_THREAD.get().fused += lanes;
  }

  /// Other operations.
  public static void single(int lanes) {
    OF_THREAD.get().single += lanes;
  }

  /// Weights that were read from panels.
  public static void weights(int lanes, int elementBytes) {
    OF_THREAD.get().weightBytes += (long) lanes * elementBytes;
  }

  /// [Panels#stored], counted.
  public static float stored(Panels panels, int unit, int input) {
    weights(1, panels.layout().precision().elementBytes());
    return panels.stored(unit, input);
  }

  long fused() {
    return fused;
  }

  long single() {
    return single;
  }

  long flops() {
    return 2 * fused + single;
  }

  long weightBytes() {
    return weightBytes;
  }
}
