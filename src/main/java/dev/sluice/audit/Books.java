package dev.sluice.audit;

import dev.sluice.account.MacCount;
import dev.sluice.account.StepMacs;
import dev.sluice.kernel.meter.FlopMeter;
import dev.sluice.kernel.meter.ProductOperations;
import dev.sluice.memory.Panels;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.Projection;
import java.util.ArrayList;
import java.util.List;

/// An account and a measurement of the same requests or steps, side by side.
///
/// Nothing is taken from the account to explain the measurement: measured MACs are fused multiply-adds counted among the kernels' own instructions, told apart by the
/// panels they were given ([FlopMeter]).
///
/// @param entries one per layer, kind and pass that has products
/// @param unattributedMacs measured with panels that are none of the model's
/// @param structural one per layer and kind; empty if they were not measured
public record Books(
    List<BookEntry> entries, long unattributedMacs, List<StructuralEntry> structural) {
  public Books {
    entries = List.copyOf(entries);
    structural = List.copyOf(structural);
  }

  /// The panels that kernels were given for a layer's products of one kind, in one pass; no two calls have the same ones.
  @FunctionalInterface
  public interface PanelsOfProducts {
    List<Panels> panels(StepMacs.Pass pass, int layer, MacCount.Kind kind);
  }

  /// Of predictions.
  ///
  /// @param promised what the requests are said to have executed
  /// @param meter was reset before these requests, and its kernels ran nothing else
  public static Books of(Model model, MacCount promised, FlopMeter meter) {
    List<BookEntry> entries = new ArrayList<>();
    addEntries(
        StepMacs.Pass.FORWARD,
        promised,
        (pass, layer, kind) -> panels(model.weights().layers().get(layer), kind),
        meter,
        entries);
    return balance(entries, meter);
  }

  /// Of steps of a training.
  ///
  /// @param promised what the steps are said to have executed
  /// @param meter was reset before these steps, and its kernels ran nothing else
  public static Books of(PanelsOfProducts products, StepMacs promised, FlopMeter meter) {
    List<BookEntry> entries = new ArrayList<>();
    for (StepMacs.Pass pass : StepMacs.Pass.values()) {
      addEntries(pass, promised.of(pass), products, meter, entries);
    }
    return balance(entries, meter);
  }

  private static void addEntries(
      StepMacs.Pass pass,
      MacCount promised,
      PanelsOfProducts products,
      FlopMeter meter,
      List<BookEntry> entries) {
    for (int layer = 0; layer < promised.layers(); layer++) {
      for (MacCount.Kind kind : MacCount.Kind.values()) {
        List<Panels> given = products.panels(pass, layer, kind);
        long macs = promised.macs(kind, layer);
        long padding = promised.paddingMacs(kind, layer);
        if (!given.isEmpty() || macs != 0 || padding != 0) {
          entries.add(new BookEntry(layer, kind, pass, macs, padding, measured(given, meter)));
        }
      }
    }
  }

  private static Books balance(List<BookEntry> entries, FlopMeter meter) {
    long attributed = entries.stream().mapToLong(entry -> entry.measured().macs()).sum();
    return new Books(entries, meter.ofAllProducts().macs() - attributed, List.of());
  }

  private static List<Panels> panels(LayerWeights weights, MacCount.Kind kind) {
    List<Projection> products =
        switch (kind) {
          case PANEL -> List.of(weights.projection());
          case GATE -> weights.chain(Chain.GATE);
          case LIGHT -> weights.chain(Chain.LIGHT);
          case EXIT -> weights.chain(Chain.HALT);
        };
    return products.stream().map(Projection::weights).toList();
  }

  private static ProductOperations measured(List<Panels> products, FlopMeter meter) {
    ProductOperations sum = ProductOperations.NONE;
    for (Panels panels : products) {
      sum = sum.plus(meter.of(panels));
    }
    return sum;
  }

  /// These and structural MACs, measured on the same requests with every zero multiplied.
  ///
  /// @param promised the account that these books are of
  /// @param multiplied the books of the requests with [dev.sluice.runtime.ZeroSkipping#OFF]
  /// @param multipliedAccount what these were said to have executed
  public Books withStructural(MacCount promised, Books multiplied, MacCount multipliedAccount) {
    return new Books(
        entries, unattributedMacs, StructuralEntry.of(promised, multiplied, multipliedAccount));
  }

  long measuredUnitMacs(MacCount.Kind kind, int layer) {
    return entries.stream()
        .filter(entry -> entry.kind() == kind && entry.layer() == layer)
        .mapToLong(entry -> entry.measured().unitMacs())
        .sum();
  }

  /// Whether every entry is, and nothing was measured beside them.
  public boolean isBalanced() {
    return unattributedMacs == 0
        && entries.stream().allMatch(BookEntry::isBalanced)
        && structural.stream().allMatch(StructuralEntry::isBalanced);
  }

  /// What is wrong, an entry each; empty if the books balance.
  public List<String> differences() {
    List<String> differences = new ArrayList<>();
    for (BookEntry entry : entries) {
      if (!entry.isBalanced()) {
        differences.add(entry.toString());
      }
    }
    if (unattributedMacs != 0) {
      differences.add("weights of no layer: measuredMacs=" + unattributedMacs);
    }
    for (StructuralEntry entry : structural) {
      if (!entry.isBalanced()) {
        differences.add(entry.toString());
      }
    }
    return differences;
  }
}
