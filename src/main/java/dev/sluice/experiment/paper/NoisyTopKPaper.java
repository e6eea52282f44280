package dev.sluice.experiment.paper;

import dev.sluice.gate.NoisyTopKRule;
import java.util.List;
import java.util.Map;

/// Noisy top-k gating: Shazeer et al., arXiv 1701.06538, on the rows of MNIST.
final class NoisyTopKPaper implements Paper {
  private static final int OPEN = 2;

  @Override
  public String name() {
    return "noisy-top-k";
  }

  @Override
  public String reference() {
    return "N. Shazeer et al., Outrageously large neural networks, arXiv 1701.06538 (2017)";
  }

  @Override
  public List<PaperSetting> settings() {
    return List.of(
        new PaperSetting(
            "mnist",
            "mnist",
            MixtureNets.recipe(),
            MixtureNets.METRICS,
            List.of(
                PaperNet.unpublished(PresetMethod.dense("dense")),
                new PaperNet(
                    MixtureNets.of("noisy top-2", new NoisyTopKRule(OPEN, 0.1f, 0.1f)),
                    Map.of(Metric.LOAD_VARIATION, "0.05", Metric.MOST_LOADED, "1.14")),
                new PaperNet(
                    MixtureNets.of(
                        "noisy top-2, no auxiliary losses", new NoisyTopKRule(OPEN, 0, 0)),
                    Map.of(Metric.LOAD_VARIATION, "3.01", Metric.MOST_LOADED, "17.80"))),
            List.of(
                MixtureNets.SHAPE,
                "published figures are of a language model with many more experts, k = 4 of them"
                    + " open",
                "no capacity: nothing is dropped; information is of the pair of experts",
                "router MACs: the second half, the noise, is computed at run time and not used")));
  }
}
