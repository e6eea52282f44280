package dev.sluice.runtime;

import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.RowGroups;
import dev.sluice.kernel.SelectionKernels;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.model.OutputForm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Calls of kernels on operands of their own that are as small as the same loops allow.
final class RehearsedCalls {
  /// What tells one loop of a product from another.
  record Product(PanelLayout layout, boolean isCut, boolean isListed) {}

  /// Inputs of a call: with fewer the JIT would take the loops for ones that hardly turn, with more they take long to reach it.
  static final int INPUTS = 8;

  /// Narrow blocks that go side by side.
  static final int MANY_BLOCKS = 8;

  /// One for each register tile.
  private static final int[] BATCH_ROWS = {8, 6, 4, 2, 1};

  /// Of f32 in the widest vectors.
  private static final int LANES = 16;

  /// Compiled code takes a tenth, C1's code with its boxed vectors ten times as much.
  private static final int CALL_NANOS = 250;

  private static final int VECTOR_NANOS = 5;

  /// Elements of a call: whole vectors, and one that is left over.
  private static final int ELEMENTS = 4 * LANES + 1;

  private final Kernels kernels;
  private final Arena arena;
  private final List<CompileLoop.Operation> operations = new ArrayList<>();

  RehearsedCalls(Kernels kernels, Arena arena) {
    this.kernels = kernels;
    this.arena = arena;
  }

  List<CompileLoop.Operation> operations() {
    return operations;
  }

  /// Rarely more blocks and inputs, listed ones with gaps, and none at all.
  void addRowProduct(Product product) {
    PanelLayout layout = product.layout;
    Runnable often = rowProduct(product, layout, ActiveSet.all(layout.inputs()));
    int blocks = layout.blocks() + MANY_BLOCKS;
    int inputs = 4 * INPUTS + 1;
    PanelLayout larger =
        new PanelLayout(
            blocks * layout.blockSize(), inputs, layout.blockSize(), layout.precision());
    ActiveSet gaps = new ActiveSet(inputs);
    for (int k = 0; k < inputs; k += INPUTS) {
      gaps.add(k);
    }
    Runnable withGaps = rowProduct(product, larger, gaps);
    Runnable withoutInputs = rowProduct(product, larger, new ActiveSet(inputs));
    Runnable rarely =
        () -> {
          withGaps.run();
          withoutInputs.run();
        };
    operations.add(operation(often, rarely, (long) layout.paddedUnits() * layout.inputs()));
  }

  private Runnable rowProduct(Product product, PanelLayout layout, ActiveSet inputs) {
    Panels w = Panels.allocate(arena, layout);
    MemorySegment bias = vector(layout.storedUnits());
    MemorySegment x = vector(layout.inputs());
    MemorySegment y = vector(layout.storedUnits());
    ActiveSet blocks = ActiveSet.all(layout.blocks());
    MatVecKernels matVec = kernels.matVec(layout.blockSize(), layout.precision());
    return () -> matVec.rehearse(product.isCut, product.isListed, w, bias, x, inputs, blocks, y);
  }

  /// Every tile of rows there is.
  void addBatchProducts(Product product) {
    for (int rows : BATCH_ROWS) {
      PanelLayout layout = product.layout;
      PanelLayout larger =
          new PanelLayout(layout.units(), 4 * INPUTS, layout.blockSize(), layout.precision());
      long elements = (long) rows * layout.paddedUnits() * layout.inputs();
      Runnable often = batchProduct(layout, rows, product.isCut);
      operations.add(operation(often, batchProduct(larger, 3 * rows, product.isCut), elements));
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

  /// @param ofAll of all inputs; so `ofOpen`, of those that are open
  void addSelection(boolean ofAll, boolean ofOpen) {
    int count = ELEMENTS;
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

  void addActivation(Activation activation) {
    MemorySegment y = vector(ELEMENTS);
    ElementwiseKernels elementwise = kernels.elementwise();
    addOperation(() -> elementwise.activate(activation, y, 0, ELEMENTS, y), ELEMENTS);
  }

  /// What scales and mixes the outputs of units that are open in part.
  void addAdmission() {
    MemorySegment x = vector(ELEMENTS);
    MemorySegment y = vector(ELEMENTS);
    ElementwiseKernels elementwise = kernels.elementwise();
    addOperation(() -> elementwise.scale(0.5f, y, 0, ELEMENTS, y), ELEMENTS);
    addOperation(() -> elementwise.addScaled(0.5f, x, 0, ELEMENTS, y), ELEMENTS);
  }

  void addOutput(OutputForm form, int outputs) {
    MemorySegment y = vector(ELEMENTS);
    OutputStage output = new OutputStage(form, kernels.elementwise(), Math.min(ELEMENTS, outputs));
    addOperation(() -> output.apply(y, 0), 8 * ELEMENTS);
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
