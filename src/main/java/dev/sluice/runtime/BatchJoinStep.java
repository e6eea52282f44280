package dev.sluice.runtime;

import dev.sluice.memory.Matrix;
import java.lang.foreign.MemorySegment;

/// Joins the true units of several layers, padding left out, for the rows of a stage. Layers of earlier stages hold more rows, and in other places.
///
/// @param sources outputs of the layers, each with its stage's rows
/// @param units true units of each
/// @param joined (rows of the stage, units of all sources)
record BatchJoinStep(
    Matrix[] sources, BatchRows[] sourceRows, int[] units, BatchRows stageRows, Matrix joined)
    implements BatchStep {
  @Override
  public void run(int rows) {
    for (int position = 0; position < rows; position++) {
      int row = stageRows.row(position);
      long to = joined.rowOffsetBytes(position);
      for (int source = 0; source < sources.length; source++) {
        long from = sources[source].rowOffsetBytes(sourceRows[source].position(row));
        int bytes = units[source] * Float.BYTES;
        MemorySegment.copy(sources[source].data(), from, joined.data(), to, bytes);
        to += bytes;
      }
    }
  }
}
