package dev.sluice.runtime;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.SelectionKernels;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/// Times products over listed inputs against products over all, near the point where they cost the same: lists of three quarters
/// of the inputs, drawn anew for every call of a round so that the processor cannot learn them. Of several rounds the quickest counts, as
/// whatever disturbs a round makes it longer.
final class ListingMeasurement {
  private static final double LISTED_SHARE = 0.75;
  private static final int LISTS = 8;

  /// A round is long against the clock's resolution; two rounds are the least, and all figures together take a few milliseconds.
  private static final long ROUND_NANOS = 40_000;

  private static final long FIGURE_NANOS = 1_000_000;

  private final Kernels kernels;
  private final ListedProduct product;
  private final SplittableRandom random = new SplittableRandom(1);

  /// @param product of which the kernels and the size are measured
  ListingMeasurement(Kernels kernels, ListedProduct product) {
    this.kernels = kernels;
    this.product = ListedProduct.example(product.size(), product.blockSize(), product.precision());
  }

  ListingCosts run() {
    try (Arena arena = Arena.ofShared()) {
      Operands operands = new Operands(arena, (int) product.blocks(), product.inputs());
      return new ListingCosts(operands.ratio(), operands.listingBlocks());
    }
  }

  private record Quickest(double nanos, double denseNanos) {}

  private final class Operands {
    private final int inputs;
    private final int blocks;
    private final SelectionKernels selection = kernels.selection();
    private final Panels w;
    private final MemorySegment bias;
    private final MemorySegment x;
    private final MemorySegment y;
    private final ActiveSet openBlocks;
    private final ActiveSet[] lists = new ActiveSet[LISTS];
    private final ActiveSet target;
    private final MatVecKernels matVec;
    private int call;

    Operands(Arena arena, int blocks, int inputs) {
      int units = blocks * product.blockSize();
      this.inputs = inputs;
      this.blocks = blocks;
      this.target = new ActiveSet(inputs);
      this.w =
          Panels.allocate(
              arena, new PanelLayout(units, inputs, product.blockSize(), product.precision()));
      this.bias = AlignedMemory.allocateFloats(arena, units);
      this.x = AlignedMemory.allocateFloats(arena, inputs);
      this.y = AlignedMemory.allocateFloats(arena, units);
      this.openBlocks = ActiveSet.all(blocks);
      this.matVec = kernels.matVec(product.blockSize(), product.precision());
      for (int list = 0; list < LISTS; list++) {
        lists[list] = new ActiveSet(inputs);
        for (int k = 0; k < inputs; k++) {
          if (random.nextDouble() < LISTED_SHARE) {
            lists[list].add(k);
          }
        }
      }
    }

    /// Time per listed input over time per input of a dense product, at least 1.
    double ratio() {
      double members = 0;
      for (ActiveSet list : lists) {
        members += (double) list.count() / LISTS;
      }
      Quickest quickest = quickest(this::listed);
      return Math.max(1, quickest.nanos / members / (quickest.denseNanos / inputs));
    }

    /// Time of making a list over the time of one block of a dense product.
    double listingBlocks() {
      Quickest quickest = quickest(this::list);
      return quickest.nanos / (quickest.denseNanos / blocks);
    }

    /// In turns with dense products, so that a change of the processor's clock meets both.
    private Quickest quickest(Runnable operation) {
      double nanos = Double.MAX_VALUE;
      double denseNanos = Double.MAX_VALUE;
      long start = System.nanoTime();
      for (int round = 0; round < 2 || System.nanoTime() - start < FIGURE_NANOS; round++) {
        nanos = Math.min(nanos, roundNanos(operation));
        denseNanos = Math.min(denseNanos, roundNanos(this::dense));
      }
      return new Quickest(nanos, denseNanos);
    }

    private void dense() {
      matVec.gatedMatVec(w, bias, x, openBlocks, y);
    }

    private void listed() {
      matVec.gatedMatVec(w, bias, x, lists[call++ & (LISTS - 1)], openBlocks, y);
    }

    private void list() {
      selection.listNonZeros(x, inputs, target);
    }
  }

  /// Nanoseconds per call, over whole turns of the lists.
  private static double roundNanos(Runnable operation) {
    long start = System.nanoTime();
    long elapsedNanos;
    int calls = 0;
    do {
      for (int list = 0; list < LISTS; list++) {
        operation.run();
      }
      calls += LISTS;
      elapsedNanos = System.nanoTime() - start;
    } while (elapsedNanos < ROUND_NANOS);
    return (double) elapsedNanos / calls;
  }
}
