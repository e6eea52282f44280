package dev.sluice.experiment.paper;

import dev.sluice.experiment.Method;
import java.util.Map;

/// One network of a paper's table.
///
/// @param method trains it; its name is the table's
/// @param published figures of the paper as they are printed there; none where they are not known
public record PaperNet(Method method, Map<Metric, String> published) {
  public PaperNet {
    published = Map.copyOf(published);
  }

  static PaperNet unpublished(Method method) {
    return new PaperNet(method, Map.of());
  }
}
