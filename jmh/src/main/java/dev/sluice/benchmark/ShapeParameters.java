package dev.sluice.benchmark;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.memory.WeightPrecision;
import java.lang.foreign.Arena;
import java.util.List;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What all kernel benchmarks vary: the shape of the product, and memory that lives as long as a fork.
@State(Scope.Thread)
public abstract class ShapeParameters {
  static final long SEED = 20_250_919;

  /// inputs × units
  @Param({"784x512", "512x512", "1024x1024", "2048x2048", "4096x4096"})
  public String shape = "";

  /// B, units in a block
  @Param("32")
  public int block;

  /// How weights are stored: f32, bf16, int8.
  @Param("f32")
  public String precision = "";

  /// What other code has used the Vector API in this JVM before, see [Pollution#run].
  @Param("false")
  public String polluted = "";

  final Kernels kernels = KernelProvider.kernels();
  final Arena arena = Arena.ofShared();
  final RandomValues random = new RandomValues(SEED);

  /// The implementation whose answers are the truth, whatever runs.
  static Kernels scalarKernels() {
    return KernelProvider.all().getFirst();
  }

  @Setup(Level.Trial)
  public final void prepareTrial() {
    Pollution.run(polluted);
    prepare(layout());
    System.out.println("# kernels=" + kernels.name() + ", because " + KernelProvider.reason());
  }

  /// Allocates, fills and proves that the answers agree.
  abstract void prepare(PanelLayout layout);

  @TearDown(Level.Trial)
  public final void freeMemory() {
    arena.close();
  }

  private PanelLayout layout() {
    List<Integer> extents = extents(shape);
    return new PanelLayout(extents.get(1), extents.get(0), block, weightPrecision());
  }

  private WeightPrecision weightPrecision() {
    return WeightPrecision.ofSpecName(precision);
  }

  /// Random weights as `layout` stores them.
  Panels randomWeights(PanelLayout layout) {
    Panels weights = Panels.allocate(arena, layout.withPrecision(WeightPrecision.F32));
    random.fill(weights);
    return layout.precision() == WeightPrecision.F32
        ? weights
        : weights.convert(arena, layout.precision());
  }

  /// For what is computed in f32 alone.
  void requireF32() {
    if (weightPrecision() != WeightPrecision.F32) {
      throw new IllegalArgumentException("gradients are f32: precision=" + precision);
    }
  }

  /// Inputs and units.
  static List<Integer> extents(String shape) {
    List<Integer> extents = List.of(shape.split("x", -1)).stream().map(Integer::parseInt).toList();
    if (extents.size() != 2) {
      throw new IllegalArgumentException("shape is not inputs x units: shape=" + shape);
    }
    return extents;
  }
}
