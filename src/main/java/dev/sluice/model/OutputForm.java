package dev.sluice.model;

import java.util.Locale;

/// What the last layer's values become in an answer.
public enum OutputForm {
  /// Left as they are: regression values, or logits.
  IDENTITY,
  /// Probabilities of exclusive classes.
  SOFTMAX,
  /// Probabilities of independent labels.
  SIGMOID;

  public String specName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static OutputForm ofSpecName(String specName) {
    for (OutputForm form : values()) {
      if (form.specName().equals(specName)) {
        return form;
      }
    }
    throw new IllegalArgumentException(
        "unknown output form: name=" + specName + ", known=identity, softmax, sigmoid");
  }
}
