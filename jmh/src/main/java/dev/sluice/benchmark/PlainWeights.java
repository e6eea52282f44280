package dev.sluice.benchmark;

import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Panels;
import dev.sluice.model.Projection;

/// A product's parameters as other libraries want them: row-major, without blocks and padding.
final class PlainWeights {
  private PlainWeights() {}

  /// (units, inputs)
  static float[] weights(Projection projection) {
    return rows(projection, 0, projection.spec().units());
  }

  /// (units, inputs) of units `from … to-1`
  static float[] rows(Projection projection, int from, int to) {
    Panels panels = projection.weights();
    int inputs = projection.spec().inputs();
    float[] values = new float[Math.multiplyExact(to - from, inputs)];
    for (int unit = from; unit < to; unit++) {
      for (int input = 0; input < inputs; input++) {
        values[(unit - from) * inputs + input] = panels.get(unit, input);
      }
    }
    return values;
  }

  /// (units)
  static float[] bias(Projection projection) {
    return bias(projection, 0, projection.spec().units());
  }

  static float[] bias(Projection projection, int from, int to) {
    float[] values = new float[to - from];
    for (int unit = from; unit < to; unit++) {
      long offsetBytes = (long) unit * Float.BYTES;
      values[unit - from] = projection.bias().get(AlignedMemory.FLOAT, offsetBytes);
    }
    return values;
  }
}
