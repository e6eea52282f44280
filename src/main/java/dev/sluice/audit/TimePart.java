package dev.sluice.audit;

import java.util.Locale;

/// Where a prediction's time goes.
public enum TimePart {
  /// Layers' own products.
  PANELS,
  GATES,
  LIGHT_PATHS,
  /// Halting units' products.
  EXITS,
  /// Activation functions, softmax, and multiplying or mixing by gates' weights.
  ACTIVATIONS,
  /// Looking for inputs that are zero.
  ZERO_LISTS,
  /// All else: deciding gates and exits, joining and copying rows, calls.
  ROUTING_AND_CALLS;

  /// As in tables and JSON: `lightPaths`.
  public String text() {
    StringBuilder text = new StringBuilder();
    for (String word : name().toLowerCase(Locale.ROOT).split("_", -1)) {
      text.append(
          text.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return text.toString();
  }
}
