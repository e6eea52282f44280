package dev.sluice.audit;

import dev.sluice.account.MacCount;
import dev.sluice.kernel.meter.FlopMeter;
import dev.sluice.kernel.meter.ProductOperations;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.Projection;
import java.util.ArrayList;
import java.util.List;

/// An account and a measurement of the same requests, side by side.
///
/// Nothing is taken from the account to explain the measurement: measured MACs are fused multiply-adds counted among the kernels' own instructions, told apart by the
/// weights they were given ([FlopMeter]).
///
/// @param entries one per layer and kind that has products
/// @param unattributedMacs measured with weights that are none of the model's
public record Books(List<BookEntry> entries, long unattributedMacs) {
  public Books {
    entries = List.copyOf(entries);
  }

  /// @param promised what the requests are said to have executed
  /// @param meter was reset before these requests, and its kernels ran nothing else
  public static Books of(Model model, MacCount promised, FlopMeter meter) {
    List<BookEntry> entries = new ArrayList<>();
    long attributed = 0;
    for (int layer = 0; layer < promised.layers(); layer++) {
      LayerWeights weights = model.weights().layers().get(layer);
      for (MacCount.Kind kind : MacCount.Kind.values()) {
        List<Projection> products = products(weights, kind);
        if (!products.isEmpty()) {
          ProductOperations measured = measured(products, meter);
          attributed += measured.macs();
          long macs = promised.macs(kind, layer);
          long padding = promised.paddingMacs(kind, layer);
          entries.add(new BookEntry(layer, kind, macs, padding, measured));
        }
      }
    }
    return new Books(entries, meter.ofAllProducts().macs() - attributed);
  }

  static List<Projection> products(LayerWeights weights, MacCount.Kind kind) {
    return switch (kind) {
      case PANEL -> List.of(weights.projection());
      case GATE -> weights.chain(Chain.GATE);
      case LIGHT -> weights.chain(Chain.LIGHT);
      case EXIT -> weights.chain(Chain.HALT);
    };
  }

  private static ProductOperations measured(List<Projection> products, FlopMeter meter) {
    ProductOperations sum = ProductOperations.NONE;
    for (Projection product : products) {
      sum = sum.plus(meter.of(product.weights()));
    }
    return sum;
  }

  /// Whether every entry is, and nothing was measured beside them.
  public boolean isBalanced() {
    return unattributedMacs == 0 && entries.stream().allMatch(BookEntry::isBalanced);
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
    return differences;
  }
}
