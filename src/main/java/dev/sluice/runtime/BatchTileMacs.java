package dev.sluice.runtime;

import dev.sluice.account.MacCounter;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.memory.TileMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sets right what [BatchLayerMacs] counts of a layer some of whose tiles are dead. Each row's open inputs are listed, which is dear next to the
/// rest of counting and done only when asked.
final class BatchTileMacs {
  /// A layer that is read, or the features.
  ///
  /// @param rows which position a row of the batch has there
  /// @param decisions null if all units are read of every row
  record Source(int units, BatchRows rows, @Nullable RowDecisions decisions) {}

  private final PrunedMacs byRow;
  private final PrunedMacs byBatch;
  private final List<Source> sources;
  private final ActiveSet openInputs;

  private BatchTileMacs(PrunedMacs byRow, PrunedMacs byBatch, List<Source> sources) {
    this.byRow = byRow;
    this.byBatch = byBatch;
    this.sources = List.copyOf(sources);
    this.openInputs = new ActiveSet(sources.stream().mapToInt(Source::units).sum());
  }

  /// @param sources what the layer reads, in order
  /// @return null if no tile is dead
  static @Nullable BatchTileMacs of(int layer, TileMap tiles, List<Source> sources) {
    PrunedMacs byRow = PrunedMacs.of(layer, tiles, PrunedMacs.runsByTiles(tiles));
    PrunedMacs byBatch = PrunedMacs.of(layer, tiles, false);
    return byRow == null || byBatch == null ? null : new BatchTileMacs(byRow, byBatch, sources);
  }

  /// Batches execute dead tiles over all inputs; their rows one by one may not.
  void count(ActiveSet openBlocks, int row, MacCounter executed, MacCounter structural) {
    listOpenInputs(row);
    byRow.count(openBlocks, openInputs, structural);
    byBatch.countAllInputs(openBlocks, executed);
  }

  private void listOpenInputs(int row) {
    openInputs.clear();
    int from = 0;
    for (Source source : sources) {
      if (source.decisions == null) {
        for (int unit = 0; unit < source.units; unit++) {
          openInputs.add(from + unit);
        }
      } else {
        ActiveSet units = source.decisions.decide(source.rows.position(row)).openUnits();
        for (int position = 0; position < units.count(); position++) {
          openInputs.add(from + units.index(position));
        }
      }
      from += source.units;
    }
  }
}
