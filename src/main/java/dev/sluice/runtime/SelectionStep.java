package dev.sluice.runtime;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.SelectionKernels;
import java.lang.foreign.MemorySegment;

/// Lists the non-zero inputs of a layer and decides whether its products read these alone. What it decides depends on the row and on
/// the limits set last, not on earlier rows.
final class SelectionStep implements Step {
  private final SelectionKernels selection;
  private final MemorySegment x;
  private final ReadInputs inputs;
  private final ActiveSet nonZeros;
  private final ListedProduct product;
  private final boolean always;
  private boolean lists;
  private int limitOfAll;

  /// @param x (inputs)
  /// @param inputs told of the choice
  /// @param always list, and skip whatever zeros there are
  SelectionStep(
      Kernels kernels, MemorySegment x, ReadInputs inputs, ListedProduct product, boolean always) {
    this.selection = kernels.selection();
    this.x = x;
    this.inputs = inputs;
    this.nonZeros = new ActiveSet(inputs.open().capacity());
    this.product = product;
    this.always = always;
  }

  ListedProduct product() {
    return product;
  }

  /// Takes the limits from `costs`.
  void tune(ListingCosts costs) {
    this.lists = always || costs.isWorthListing(product);
    this.limitOfAll = always ? nonZeros.capacity() : costs.mostNonZeros(product);
    inputs.choose(inputs.open());
  }

  /// Whether rows are looked through for zeros, and may so read other inputs one by one.
  boolean lists() {
    return lists;
  }

  @Override
  public void run() {
    if (lists) {
      inputs.choose(pays() ? nonZeros : inputs.open());
    }
  }

  /// Inputs that come as a list anyway are read as the shorter list.
  private boolean pays() {
    ActiveSet open = inputs.open();
    if (open.isFull()) {
      selection.listNonZeros(x, open.capacity(), nonZeros);
      return nonZeros.count() <= limitOfAll;
    }
    selection.listNonZeros(x, open, nonZeros);
    return true;
  }
}
