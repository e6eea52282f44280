package dev.sluice.audit;

import dev.sluice.account.MacCount;
import dev.sluice.runtime.StepKind;
import org.jspecify.annotations.Nullable;

/// Where a prediction's time goes.
public enum TimePart {
  /// Layers' own products.
  PANELS("products of panels"),
  GATES("products of gates"),
  LIGHT_PATHS("products of light paths"),
  EXITS("products of halting units"),
  ACTIVATIONS("activation functions"),
  /// Looking for inputs that are zero.
  ZERO_LISTS("listing of non-zeros"),
  /// From gates' logits to open blocks and units.
  GATE_DECISIONS("decisions of gates"),
  /// Confidence, or halting and its blend.
  EXIT_DECISIONS("decisions of exits"),
  /// Gathering features, joining layers, mixing in light paths, multiplying by gates' weights, clearing closed units.
  MOVING("moving and mixing"),
  /// Softmax or sigmoid of the answer.
  OUTPUT("softmax or sigmoid"),
  /// A call in which no step runs: its checks, copying in and out.
  CALLS("call, copying in and out");

  private final String words;

  TimePart(String words) {
    this.words = words;
  }

  static TimePart of(StepKind kind) {
    return switch (kind) {
      case PANEL -> PANELS;
      case GATE -> GATES;
      case LIGHT -> LIGHT_PATHS;
      case EXIT -> EXITS;
      case ACTIVATION -> ACTIVATIONS;
      case ZERO_LISTING -> ZERO_LISTS;
      case ROUTING -> GATE_DECISIONS;
      case EXIT_DECISION -> EXIT_DECISIONS;
      case MOVING -> MOVING;
      case OUTPUT -> OUTPUT;
    };
  }

  /// The MACs whose time this is; null for what executes none.
  MacCount.@Nullable Kind macs() {
    return switch (this) {
      case PANELS -> MacCount.Kind.PANEL;
      case GATES -> MacCount.Kind.GATE;
      case LIGHT_PATHS -> MacCount.Kind.LIGHT;
      case EXITS -> MacCount.Kind.EXIT;
      default -> null;
    };
  }

  /// For tables.
  public String words() {
    return words;
  }
}
