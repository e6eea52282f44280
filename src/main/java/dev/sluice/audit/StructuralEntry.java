package dev.sluice.audit;

import dev.sluice.account.MacCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Structural MACs of one layer's products of one kind: as promised, zeros skipped or not, and as measured when every zero is multiplied. MACs that are said to be
/// skipped as zero were executed then, so that none can be made up.
///
/// @param measuredMacs of units, without those of dead tiles that were executed, which are the account's
public record StructuralEntry(int layer, MacCount.Kind kind, long promisedMacs, long measuredMacs) {
  /// @param promised the audited account
  /// @param multiplied the books of the same rows with every zero multiplied
  /// @param multipliedAccount the account of these
  static List<StructuralEntry> of(MacCount promised, Books multiplied, MacCount multipliedAccount) {
    List<StructuralEntry> entries = new ArrayList<>();
    for (int layer = 0; layer < promised.layers(); layer++) {
      for (MacCount.Kind kind : MacCount.Kind.values()) {
        long skipped = promised.skippedAsZeroMacs(kind, layer);
        long executed = promised.macs(kind, layer) + skipped;
        long structural = executed - dead(promised, kind, layer);
        long measured =
            multiplied.measuredUnitMacs(kind, layer) - dead(multipliedAccount, kind, layer);
        if (structural != 0 || measured != 0) {
          entries.add(new StructuralEntry(layer, kind, structural, measured));
        }
      }
    }
    return entries;
  }

  private static long dead(MacCount count, MacCount.Kind kind, int layer) {
    return kind == MacCount.Kind.PANEL ? count.prunedNotSkippedMacs(layer) : 0;
  }

  public boolean isBalanced() {
    return promisedMacs == measuredMacs;
  }

  @Override
  public String toString() {
    return "structural MACs differ from those measured with zeros multiplied: layer="
        + layer
        + ", kind="
        + kind.name().toLowerCase(Locale.ROOT)
        + ", promised="
        + promisedMacs
        + ", measured="
        + measuredMacs;
  }
}
