package dev.sluice.experiment.paper;

import dev.sluice.gate.SwitchRule;
import java.util.ArrayList;
import java.util.List;

/// Switch routing: Fedus, Zoph, Shazeer, arXiv 2101.03961, on the rows of MNIST. α 0.01 as published, z-loss 1e-3 (ST-MoE, arXiv 2202.08906).
final class SwitchPaper implements Paper {
  private static final float CAPACITY = 1.25f;

  @Override
  public String name() {
    return "switch";
  }

  @Override
  public String reference() {
    return "W. Fedus et al., Switch transformers, arXiv 2101.03961 (2021)";
  }

  @Override
  public List<PaperSetting> settings() {
    List<Metric> metrics = new ArrayList<>(MixtureNets.METRICS);
    metrics.addAll(List.of(Metric.DROPPED, Metric.ACCURACY_DROPPING));
    return List.of(
        new PaperSetting(
            "mnist",
            "mnist",
            MixtureNets.recipe(),
            metrics,
            List.of(
                PaperNet.unpublished(PresetMethod.dense("dense")),
                PaperNet.unpublished(
                    MixtureNets.of("switch, α 0.3", new SwitchRule(CAPACITY, 0.3f, 1e-3f))),
                PaperNet.unpublished(
                    MixtureNets.of("switch", new SwitchRule(CAPACITY, 0.01f, 1e-3f))),
                PaperNet.unpublished(
                    MixtureNets.of("switch, no auxiliary losses", new SwitchRule(CAPACITY, 0, 0)))),
            List.of(
                MixtureNets.SHAPE,
                "the paper trains language models; it has no such table",
                "published is α = 0.01, with a residual path around the experts. Without one an"
                    + " expert's weight scales all that the head reads, so the task drives it to 1,"
                    + " where the balancing loss has no gradient; hence α = 0.3 beside it",
                "capacity 1.25; training drops rows beyond it, with and without the losses",
                "rows beyond capacity: test rows in their order, in batches of the training's size;"
                    + " at run time nothing is dropped")));
  }
}
