package dev.sluice.experiment.paper;

import java.util.List;

/// The list of papers: the one place that names them all.
public final class Papers {
  private static final List<Paper> ALL =
      List.of(
          new DynamicGatePaper(),
          new BlockPolicyPaper(),
          new MidlPaper(),
          new SwitchPaper(),
          new NoisyTopKPaper(),
          new ActPaper());

  private Papers() {}

  public static List<Paper> all() {
    return ALL;
  }

  public static Paper of(String name) {
    return ALL.stream()
        .filter(paper -> paper.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown paper: name="
                        + name
                        + ", known="
                        + ALL.stream().map(Paper::name).toList()));
  }
}
