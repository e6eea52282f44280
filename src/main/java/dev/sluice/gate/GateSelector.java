package dev.sluice.gate;

import dev.sluice.kernel.ActiveSet;
import java.lang.foreign.MemorySegment;

/// Decides which gates are open for a row, by its logits alone. Allocates nothing after creation; not thread-safe.
public interface GateSelector {
  /// Replaces `open` by the gates that open.
  ///
  /// @param logits (logitsPerGate · gates) from `offsetBytes` on
  void select(MemorySegment logits, long offsetBytes, ActiveSet open);

  /// The factor of an open gate's outputs after the last [#select], for layers that scale what they admit.
  float weight(int gate);

  /// Adds a number to all logits from now on, so that more or fewer gates open; no effect where the number of open gates is fixed.
  default void shift(float logits) {}
}
