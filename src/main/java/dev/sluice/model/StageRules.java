package dev.sluice.model;

import java.util.List;

/// What stages must have in common to be one network.
final class StageRules {
  private StageRules() {}

  static void require(int inputs, List<StageSpec> stages) {
    int outputs = stages.getLast().layers().getLast().units();
    boolean halts = stages.getFirst().halts();
    for (int index = 0; index < stages.size(); index++) {
      StageSpec stage = stages.get(index);
      stage.features().requireWithin(inputs);
      requireEqual("outputs", index, outputs, stage.layers().getLast().units());
      if (stage.halts() != halts) {
        throw new IllegalArgumentException(
            "stages differ in how they stop: stage=" + index + ", halts=" + stage.halts());
      }
      boolean isLast = index == stages.size() - 1;
      if (!halts && isLast != (stage.exit() == null)) {
        throw new IllegalArgumentException(
            "every stage but the last has an exit: stage="
                + index
                + ", stages="
                + stages.size()
                + ", exit="
                + stage.exit());
      }
      if (index == 0 && stage.sharesEarlier()) {
        throw new IllegalArgumentException("the first stage has no earlier one to share with");
      }
    }
  }

  private static void requireEqual(String what, int stage, int expected, int actual) {
    if (expected != actual) {
      throw new IllegalArgumentException(
          "stages differ in "
              + what
              + ": stage="
              + stage
              + ", expected="
              + expected
              + ", actual="
              + actual);
    }
  }
}
