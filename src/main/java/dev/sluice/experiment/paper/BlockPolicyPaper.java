package dev.sluice.experiment.paper;

import dev.sluice.experiment.Recipe;
import dev.sluice.gate.BernoulliRule;
import dev.sluice.gate.GateRule;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.gate.LowRankGate;
import dev.sluice.gate.Reinforce;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.gate.UniformRule;
import dev.sluice.kernel.Activation;
import dev.sluice.train.GateOptions;
import dev.sluice.train.LearningRate;
import dev.sluice.train.OptimizerOptions;
import dev.sluice.train.TrainingOptions;
import dev.sluice.train.UsagePenalty;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Block policies by REINFORCE: Bengio, Bacon, Pineau, Precup, arXiv 1511.06297. The MNIST setting: 16 blocks of 16 units, τ = 1/16,
/// λ_v = λ_s = 200, λ_L2 0.005, learning rate 1e-3, of policies 5e-5.
final class BlockPolicyPaper implements Paper {
  private static final double TAU = 1.0 / 16;
  private static final double LAMBDA = 200;
  private static final long DRAW_SEED = 1;

  @Override
  public String name() {
    return "bengio2015";
  }

  @Override
  public String reference() {
    return "E. Bengio et al., Conditional computation in neural networks, arXiv 1511.06297 (2015)";
  }

  @Override
  public List<PaperSetting> settings() {
    TrainingOptions options =
        TrainingOptions.builder()
            .epochs(30)
            .optimizer(OptimizerOptions.AdamW.withDecay(0.005))
            .learningRate(LearningRate.constant(1e-3))
            .build();
    return List.of(
        new PaperSetting(
            "mnist",
            "mnist",
            new Recipe(List.of(256), Activation.RELU, 16, options, Optional.empty()),
            List.of(
                Metric.ERROR,
                Metric.GATE_RATIO,
                Metric.GATE_SPREAD,
                Metric.COMMONEST_SET,
                Metric.RELATIVE_MACS),
            List.of(
                new PaperNet(PresetMethod.dense("dense 256", 0), Map.of(Metric.ERROR, "~1.9 %")),
                new PaperNet(dense32(), Map.of(Metric.ERROR, "~2.8 %")),
                new PaperNet(
                    policy("policy, threshold", BernoulliRule.Decision.THRESHOLD, 0),
                    Map.of(Metric.ERROR, "~2.3 %")),
                new PaperNet(
                    policy("policy, sampled", BernoulliRule.Decision.SAMPLE, 1),
                    Map.of(Metric.ERROR, "~2.3 %")),
                PaperNet.unpublished(
                    tuned("policy, our weights", rule(BernoulliRule.Decision.THRESHOLD, 0))),
                PaperNet.unpublished(
                    tuned("straight through, our weights", ThresholdRule.standard())),
                PaperNet.unpublished(uniform())),
            List.of(
                "AdamW in the place of the paper's optimiser, leave-one-out in that of the batch's"
                    + " smallest loss",
                "the paper's code samples at test time",
                "our weights: squared terms as the paper's code has them, 20 for blocks and 1 for"
                    + " rows, variance 1, growing over the training, 1cycle up to 3e-3 for all;"
                    + " chosen on validation rows",
                "dense 32 has as many MACs as the policy without its gates",
                "the control opens blocks at random, with probability 1/16, by row, in training and"
                    + " test; more than a third of its rows open none")));
  }

  private static PresetMethod dense32() {
    return new PresetMethod(
        "dense 32",
        "dense",
        setting -> setting.recipe().withHidden(List.of(32)).reference(setting.training()),
        (options, _) -> options.dropout(0));
  }

  /// A gate of rank 1, whose logits differ between rows and mean nothing: with a static one all rows would have one draw.
  private static PresetMethod uniform() {
    GateSpec gate =
        new GateSpec(
            new LowRankGate(1), Granularity.BLOCK, new UniformRule((float) TAU, DRAW_SEED));
    return PresetMethod.gated("uniform block dropout", gate, GateOptions.defaults());
  }

  private static PresetMethod policy(String name, BernoulliRule.Decision decision, long seed) {
    GateOptions gates =
        GateOptions.builder()
            .learningRateScale(0.05)
            .warmUpShare(0)
            .rampShare(0)
            .varianceWeight(LAMBDA)
            .penalties(
                List.of(
                    new UsagePenalty(UsagePenalty.Kind.BLOCK_SHARE, LAMBDA, TAU),
                    new UsagePenalty(UsagePenalty.Kind.ROW_SHARE, LAMBDA, TAU)))
            .build();
    GateSpec gate = new GateSpec(new LinearGate(), Granularity.BLOCK, rule(decision, seed));
    return PresetMethod.gated(name, gate, gates);
  }

  private static BernoulliRule rule(BernoulliRule.Decision decision, long seed) {
    return new BernoulliRule(decision, 0, seed, 0.01f, Reinforce.Baseline.LEAVE_ONE_OUT);
  }

  private static PresetMethod tuned(String name, GateRule rule) {
    GateOptions gates =
        GateOptions.builder()
            .initialOpening(0.3)
            .rampShare(0.8)
            .varianceWeight(1)
            .penalties(
                List.of(
                    new UsagePenalty(UsagePenalty.Kind.BLOCK_SHARE_SQUARED, 20, TAU),
                    new UsagePenalty(UsagePenalty.Kind.ROW_SHARE_SQUARED, 1, TAU)))
            .build();
    GateSpec gate = new GateSpec(new LinearGate(), Granularity.BLOCK, rule);
    return PresetMethod.gated(
        name,
        gate,
        (options, _) ->
            options
                .gates(gates)
                .dropout(0)
                .optimizer(OptimizerOptions.AdamW.withDecay(1e-4))
                .learningRate(LearningRate.oneCycle(3e-3)));
  }
}
