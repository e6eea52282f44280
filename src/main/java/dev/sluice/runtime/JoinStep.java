package dev.sluice.runtime;

import dev.sluice.kernel.ActiveSet;
import java.lang.foreign.MemorySegment;

/// Joins the true units of several layers, padding left out, and the sets of those that are open. What is closed is copied as it is, and read by
/// nobody.
final class JoinStep implements Step {
  private final MemorySegment[] sources;
  private final ActiveSet[] openUnits;
  private final MemorySegment joined;
  private final ActiveSet open;

  /// @param openUnits of each source; its capacity is the source's units
  /// @param joined (units of all sources)
  /// @param open of as many units
  JoinStep(MemorySegment[] sources, ActiveSet[] openUnits, MemorySegment joined, ActiveSet open) {
    this.sources = sources;
    this.openUnits = openUnits;
    this.joined = joined;
    this.open = open;
  }

  @Override
  public void run() {
    int from = 0;
    int count = 0;
    for (int source = 0; source < sources.length; source++) {
      ActiveSet units = openUnits[source];
      long bytes = (long) units.capacity() * Float.BYTES;
      MemorySegment.copy(sources[source], 0, joined, (long) from * Float.BYTES, bytes);
      for (int position = 0; position < units.count(); position++) {
        open.indices()[count++] = from + units.index(position);
      }
      from += units.capacity();
    }
    open.setCount(count);
  }
}
