package dev.sluice.runtime;

import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.RowGroups;
import dev.sluice.kernel.SelectionKernels;
import dev.sluice.kernel.SummationOrder;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.memory.TileMap;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Projection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The kernels that a model's rows run, on operands of their own that are as small as the same loops allow.
final class KernelRehearsal {
  /// Inputs of a call: with fewer the JIT would take the loops for ones that hardly turn, with more they take long to reach it.
  private static final int INPUTS = 8;

  /// Blocks that go side by side; what is left of a layer's blocks takes other loops.
  private static final int BLOCKS = 4;

  /// The same where blocks are narrow.
  private static final int MANY_BLOCKS = 8;

  /// One for each register tile.
  private static final int[] BATCH_ROWS = {8, 6, 4, 2, 1};

  /// Of f32 in the widest vectors.
  private static final int LANES = 16;

  /// Compiled code takes a tenth, C1's code with its boxed vectors ten times as much.
  private static final int CALL_NANOS = 250;

  private static final int VECTOR_NANOS = 5;

  /// What tells one loop of a product from another.
  private record Shape(PanelLayout layout, boolean isCut, boolean isListed) {}

  private final Kernels kernels;
  private final Arena arena;
  private final List<CompileLoop.Operation> operations = new ArrayList<>();

  private KernelRehearsal(Kernels kernels, Arena arena) {
    this.kernels = kernels;
    this.arena = arena;
  }

  /// What [Predictor] calls.
  static List<CompileLoop.Operation> ofRows(
      Model model, Kernels kernels, ZeroSkipping skipping, Arena arena) {
    KernelRehearsal rehearsal = new KernelRehearsal(kernels, arena);
    rehearsal.shapes(model, skipping).forEach(rehearsal::addRowProduct);
    rehearsal.addSelection(model, skipping);
    rehearsal.addElementwise(model.spec());
    return rehearsal.operations;
  }

  /// What [ListingMeasurement] calls.
  static List<CompileLoop.Operation> ofListing(
      ListedProduct product, Kernels kernels, Arena arena) {
    KernelRehearsal rehearsal = new KernelRehearsal(kernels, arena);
    Set<Shape> shapes = new LinkedHashSet<>();
    int blocks = product.size() == ListedProduct.Size.FEW_BLOCKS ? 2 : MANY_BLOCKS + BLOCKS;
    int blockSize = product.blockSize();
    int inputs = ListedProduct.example(product.size(), blockSize, product.precision()).inputs();
    PanelLayout layout =
        new PanelLayout(blocks * blockSize, inputs, blockSize, product.precision());
    addShapes(layout, false, true, shapes);
    shapes.forEach(rehearsal::addRowProduct);
    rehearsal.addSelection(true, false);
    return rehearsal.operations;
  }

  /// What [BatchPredictor] calls.
  static List<CompileLoop.Operation> ofBatches(Model model, Kernels kernels, Arena arena) {
    KernelRehearsal rehearsal = new KernelRehearsal(kernels, arena);
    Set<Shape> shapes = new LinkedHashSet<>();
    for (Projection product : products(model)) {
      PanelLayout layout = product.weights().layout();
      shapes.add(new Shape(small(layout, 1), SummationOrder.isCut(layout.inputs()), false));
    }
    shapes.forEach(rehearsal::addBatchProducts);
    rehearsal.addElementwise(model.spec());
    return rehearsal.operations;
  }

  private static List<Projection> products(Model model) {
    List<Projection> products = new ArrayList<>();
    for (LayerWeights layer : model.weights().layers()) {
      for (Chain chain : Chain.values()) {
        products.addAll(layer.chain(chain));
      }
      products.add(layer.projection());
    }
    return products;
  }

  private Set<Shape> shapes(Model model, ZeroSkipping skipping) {
    Set<Shape> shapes = new LinkedHashSet<>();
    for (int index = 0; index < model.spec().layers().size(); index++) {
      LayerWeights layer = model.weights().layers().get(index);
      LayerSpec spec = model.spec().layers().get(index);
      boolean isListed =
          readsGated(model.spec(), index)
              || (skipping != ZeroSkipping.OFF && mayList(model, index));
      for (Chain chain : Chain.values()) {
        for (Projection product : layer.chain(chain)) {
          addShapes(product.weights().layout(), false, isListed, shapes);
        }
      }
      boolean isGated = spec instanceof LayerSpec.Gated;
      Panels weights = layer.projection().weights();
      if (PrunedMacs.runsByTiles(TileMap.of(weights))) {
        boolean isCut = SummationOrder.isCut(weights.layout().inputs());
        shapes.add(new Shape(small(weights.layout(), 1), isCut, true));
      } else {
        addShapes(weights.layout(), isGated, isListed, shapes);
      }
    }
    return shapes;
  }

  /// Whether some source of the layer may be open in part.
  private static boolean readsGated(ModelSpec spec, int layer) {
    return spec.sources(layer).stream()
        .anyMatch(
            source ->
                spec.layers().get(source) instanceof LayerSpec.Gated gated
                    && gated.lightRank() == 0);
  }

  private boolean mayList(Model model, int layer) {
    ListedProduct product = ListedProduct.of(model.weights().layers().get(layer));
    return Plan.mayList(model.spec(), layer, product, kernels);
  }

  /// A dense layer always runs the same number of blocks, a gated one any.
  private static void addShapes(
      PanelLayout layout, boolean isGated, boolean isListed, Set<Shape> shapes) {
    int blocks = layout.blocks();
    int rest = isGated ? Math.min(blocks, BLOCKS - 1) : blocks % BLOCKS;
    boolean hasFours = isGated ? blocks >= BLOCKS : blocks % MANY_BLOCKS >= BLOCKS;
    boolean isCut = SummationOrder.isCut(layout.inputs());
    for (boolean listed : isListed ? new boolean[] {false, true} : new boolean[] {false}) {
      if (blocks >= MANY_BLOCKS) {
        shapes.add(new Shape(small(layout, MANY_BLOCKS), isCut, listed));
      }
      if (hasFours) {
        shapes.add(new Shape(small(layout, BLOCKS), isCut, listed));
      }
      if (rest > 0) {
        shapes.add(new Shape(small(layout, rest), isCut, listed));
      }
    }
  }

  private static PanelLayout small(PanelLayout layout, int blocks) {
    int blockSize = layout.blockSize();
    return new PanelLayout(blocks * blockSize, INPUTS, blockSize, layout.precision());
  }

  /// Rarely more blocks and inputs, listed ones with gaps, and none at all.
  private void addRowProduct(Shape shape) {
    PanelLayout layout = shape.layout;
    Runnable often = rowProduct(shape, layout, ActiveSet.all(layout.inputs()));
    int blocks = layout.blocks() + MANY_BLOCKS;
    int inputs = 4 * INPUTS + 1;
    PanelLayout larger =
        new PanelLayout(
            blocks * layout.blockSize(), inputs, layout.blockSize(), layout.precision());
    ActiveSet gaps = new ActiveSet(inputs);
    for (int k = 0; k < inputs; k += INPUTS) {
      gaps.add(k);
    }
    Runnable withGaps = rowProduct(shape, larger, gaps);
    Runnable withoutInputs = rowProduct(shape, larger, new ActiveSet(inputs));
    Runnable rarely =
        () -> {
          withGaps.run();
          withoutInputs.run();
        };
    operations.add(operation(often, rarely, (long) layout.paddedUnits() * layout.inputs()));
  }

  private Runnable rowProduct(Shape shape, PanelLayout layout, ActiveSet inputs) {
    Panels w = Panels.allocate(arena, layout);
    MemorySegment bias = vector(layout.storedUnits());
    MemorySegment x = vector(layout.inputs());
    MemorySegment y = vector(layout.storedUnits());
    ActiveSet blocks = ActiveSet.all(layout.blocks());
    MatVecKernels matVec = kernels.matVec(layout.blockSize(), layout.precision());
    return () -> matVec.rehearse(shape.isCut, shape.isListed, w, bias, x, inputs, blocks, y);
  }

  /// Every tile of rows there is.
  private void addBatchProducts(Shape shape) {
    for (int rows : BATCH_ROWS) {
      PanelLayout layout = shape.layout;
      PanelLayout larger =
          new PanelLayout(layout.units(), 4 * INPUTS, layout.blockSize(), layout.precision());
      long elements = (long) rows * layout.paddedUnits() * layout.inputs();
      Runnable often = batchProduct(layout, rows, shape.isCut);
      operations.add(operation(often, batchProduct(larger, 3 * rows, shape.isCut), elements));
    }
  }

  private Runnable batchProduct(PanelLayout layout, int rows, boolean isCut) {
    Panels w = Panels.allocate(arena, layout);
    MemorySegment bias = vector(layout.storedUnits());
    Matrix x = Matrix.allocate(arena, rows, layout.inputs());
    Matrix y = Matrix.allocate(arena, rows, layout.paddedUnits());
    RowGroups groups = RowGroups.dense(1, rows);
    MatMulKernels matMul = kernels.matMul(layout.blockSize(), layout.precision());
    return () -> matMul.rehearse(isCut, w, bias, x, groups, 0, 0, rows, y);
  }

  private void addSelection(Model model, ZeroSkipping skipping) {
    boolean ofAll = false;
    boolean ofOpen = false;
    for (int layer = 0; layer < model.spec().layers().size(); layer++) {
      boolean isListed = skipping != ZeroSkipping.OFF && mayList(model, layer);
      ofAll |= isListed;
      ofOpen |= isListed && readsGated(model.spec(), layer);
    }
    addSelection(ofAll, ofOpen);
  }

  private void addSelection(boolean ofAll, boolean ofOpen) {
    int count = 4 * LANES + 1;
    MemorySegment x = vector(count);
    ActiveSet units = new ActiveSet(count);
    for (int k = 0; k < count; k += k < 2 * LANES ? 1 : 3) {
      x.set(AlignedMemory.FLOAT, (long) k * Float.BYTES, k % 2);
      units.add(k);
    }
    ActiveSet nonZeros = new ActiveSet(count);
    SelectionKernels selection = kernels.selection();
    if (ofAll) {
      addOperation(() -> selection.listNonZeros(x, count, nonZeros), count);
    }
    if (ofOpen) {
      addOperation(() -> selection.listNonZeros(x, units, nonZeros), count);
    }
  }

  private void addElementwise(ModelSpec spec) {
    int count = 4 * LANES + 1;
    MemorySegment y = vector(count);
    ElementwiseKernels elementwise = kernels.elementwise();
    Set<Activation> activations = new LinkedHashSet<>();
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      activations.add(spec.projection(layer).activation());
      for (Chain chain : Chain.values()) {
        spec.chain(layer, chain).forEach(product -> activations.add(product.activation()));
      }
    }
    activations.remove(Activation.IDENTITY);
    for (Activation activation : activations) {
      addOperation(() -> elementwise.activate(activation, y, 0, count, y), count);
    }
    if (spec.layers().stream().anyMatch(KernelRehearsal::admitsInParts)) {
      MemorySegment x = vector(count);
      addOperation(() -> elementwise.scale(0.5f, y, 0, count, y), count);
      addOperation(() -> elementwise.addScaled(0.5f, x, 0, count, y), count);
    }
    OutputStage output =
        new OutputStage(spec.output(), elementwise, Math.min(count, spec.outputs()));
    addOperation(() -> output.apply(y, 0), 8 * count);
  }

  private static boolean admitsInParts(LayerSpec layer) {
    return layer instanceof LayerSpec.Gated gated && gated.gate().scalesOutput();
  }

  private void addOperation(Runnable call, int elements) {
    operations.add(operation(call, call, elements));
  }

  private CompileLoop.Operation operation(Runnable often, Runnable rarely, long elements) {
    long vectors = elements * Float.SIZE / kernels.vectorBits();
    return new CompileLoop.Operation(often, rarely, CALL_NANOS + VECTOR_NANOS * vectors);
  }

  private MemorySegment vector(int floats) {
    return AlignedMemory.allocateFloats(arena, floats);
  }
}
