package dev.sluice.cli;

import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateRule;
import dev.sluice.gate.GateRules;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.ThresholdRule;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The blueprint of the gates of a network to be trained, the same on every hidden layer.
final class GateShapeOptions {
  private static final String NO_GATE = "none";

  @Option(
      names = "--gate",
      paramLabel = "FORM",
      description =
          "Gate of every hidden layer, of the last stage if there are several: static, linear,"
              + " low-rank[:RANK], two-layer[:HIDDEN], light or none. Default: ${DEFAULT-VALUE}.")
  private String gate = NO_GATE;

  @Option(
      names = "--rule",
      paramLabel = "NAME[:KEY=VALUE,...]",
      description =
          "Which gates open: threshold, top-k, bernoulli, noisy-top-k, switch ..., for instance"
              + " top-k:k=4. Default: threshold.")
  private @Nullable String rule;

  @Option(
      names = "--granularity",
      paramLabel = "WHAT",
      description = "What one gate opens: block or unit. Default: ${DEFAULT-VALUE}.")
  private String granularity = Granularity.BLOCK.specName();

  @Option(
      names = "--blocks-per-gate",
      paramLabel = "BLOCKS",
      description = "Consecutive blocks that one gate opens: an expert of a mixture. Default: 1.")
  private @Nullable Integer blocksPerGate;

  @Option(
      names = "--minimum-open",
      paramLabel = "GATES",
      description = "Gates of a layer that open at least, by the rule threshold. Default: 1.")
  private @Nullable Integer minimumOpen;

  @Option(
      names = "--scale-output",
      description = "Multiply what an open gate admits by its probability or share.")
  private boolean scaleOutput;

  @Option(
      names = "--light-rank",
      paramLabel = "RANK",
      description =
          "Give closed units the values of a path of this rank instead of 0; 0 for none."
              + " Default: 0.")
  private @Nullable Integer lightRank;

  boolean isGated() {
    return !gate.equals(NO_GATE);
  }

  /// The form of the gates, as provenance and summaries name it.
  String form() {
    return gate;
  }

  /// The first option that says something of gates there are none of, empty if none was given.
  String givenOption() {
    if (rule != null) {
      return "--rule";
    }
    if (blocksPerGate != null) {
      return "--blocks-per-gate";
    }
    if (scaleOutput) {
      return "--scale-output";
    }
    return lightRank == null ? "" : "--light-rank";
  }

  int lightRank(CommonOptions common) {
    if (lightRank != null && lightRank < 0) {
      throw common.misuse("invalid --light-rank: negative: lightRank=" + lightRank);
    }
    return lightRank == null ? 0 : lightRank;
  }

  GateRule rule(CommonOptions common) {
    String text = rule;
    if (text == null) {
      int minimum = minimumOpen == null ? 1 : minimumOpen;
      return common.option("--minimum-open", () -> new ThresholdRule(1f, 0.5f, minimum));
    }
    if (minimumOpen != null) {
      throw common.misuse(
          "--minimum-open and --rule exclude each other; write --rule threshold:minimum="
              + minimumOpen);
    }
    return common.option("--rule", () -> GateRules.parse(text));
  }

  GateSpec spec(CommonOptions common) {
    var form = common.option("--gate", () -> GateForms.parse(gate));
    Granularity opened = common.option("--granularity", () -> Granularity.ofSpecName(granularity));
    GateRule decided = rule(common);
    int blocks = blocksPerGate == null ? 1 : blocksPerGate;
    return common.option(
        "--blocks-per-gate", () -> new GateSpec(form, opened, blocks, decided, scaleOutput));
  }
}
