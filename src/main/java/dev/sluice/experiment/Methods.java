package dev.sluice.experiment;

import dev.sluice.gate.BernoulliRule;
import dev.sluice.gate.GateForm;
import dev.sluice.gate.GateRule;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.gate.LowRankGate;
import dev.sluice.gate.NoisyTopKRule;
import dev.sluice.gate.Reinforce;
import dev.sluice.gate.StaticGate;
import dev.sluice.gate.SwitchRule;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.gate.TopKRule;
import dev.sluice.gate.TwoLayerGate;
import dev.sluice.train.GateOptions;
import dev.sluice.train.StructuralPlasticity;
import java.util.ArrayList;
import java.util.List;

/// The list of methods: the one place that names them all. The dense reference and the equal-MAC dense networks stand beside every one of
/// them and are not in the list.
public final class Methods {
  /// Each gate open on a twentieth of the rows at least, and a reward for decisions that differ between rows (Bengio et al. 2015, eq. 7).
  private static final GateOptions SPREAD =
      GateOptions.builder().blockFloor(0.05, 1).varianceWeight(0.1).build();

  private static final GateOptions PLAIN = GateOptions.defaults();

  private static final List<Method> ALL =
      List.of(
          gates("static", "learned pruning of blocks", new StaticGate(), Granularity.BLOCK),
          gates("static-unit", "learned pruning of units", new StaticGate(), Granularity.UNIT),
          gates("linear", "a linear gate per block", new LinearGate(), Granularity.BLOCK),
          new GatedMethod(
              "linear-spread",
              "the same with usage floor and variance reward",
              GateSpec.of(new LinearGate(), Granularity.BLOCK),
              SPREAD),
          gates("low-rank", "gates through rank 32", new LowRankGate(32), Granularity.BLOCK),
          gates("low-rank-unit", "the same per unit", new LowRankGate(32), Granularity.UNIT),
          gates("two-layer", "gates with 32 hidden units", new TwoLayerGate(32), Granularity.BLOCK),
          new GatedMethod(
              "linear-scaled",
              "linear gates that scale what they admit",
              scaled(new LinearGate(), 1, ThresholdRule.standard()),
              PLAIN),
          new GatedMethod(
              "bernoulli",
              "block policies by REINFORCE (Bengio et al. 2015)",
              new GateSpec(new LinearGate(), Granularity.BLOCK, policy()),
              SPREAD),
          new SelectedMethod("selected", "a dense network over a selection of the features"),
          new GatedMethod(
              "selected-linear",
              "linear gates over a selection of the features",
              GateSpec.of(new LinearGate(), Granularity.BLOCK),
              PLAIN,
              true),
          new ExitMethod(
              "exit", "a small network first, the reference where it is unsure", 0.5, false, false),
          new ExitMethod(
              "exit-selected", "the same, the first reads a selection", 0.45, true, false),
          new ExitMethod("exit-all-selected", "the same, both read a selection", 0.5, true, true),
          new ExitMethod(
              "exit-gated",
              "the same with linear gates in the last network, which costs half the reference",
              0.5,
              true,
              true,
              GateSpec.of(new LinearGate(), Granularity.BLOCK),
              0.5),
          new SparseMethod(
              "pruned",
              "tiles of small weights are removed half-way",
              density -> StructuralPlasticity.magnitude(density).build()),
          new SparseMethod(
              "rigl",
              "live tiles are rewired in training (Evci et al. 2020)",
              density -> StructuralPlasticity.rigl(density).build()),
          new FixedCountMethod(
              "top-k",
              "the k blocks of the largest logits",
              k -> new GateSpec(new LinearGate(), Granularity.BLOCK, new TopKRule(k, 1)),
              0),
          new FixedCountMethod(
              "top-k-scaled",
              "the same, scaling what they admit",
              k -> scaled(new LinearGate(), 1, new TopKRule(k, 1)),
              0),
          new FixedCountMethod(
              "light-top-k",
              "top-k blocks, a path of rank 16 for all units: MID-L by blocks, in our reading",
              k -> scaled(new LowRankGate(16), 1, new TopKRule(k, 1)),
              16),
          new FixedCountMethod(
              "noisy-top-k",
              "experts of one block (Shazeer et al. 2017)",
              k -> scaled(new LinearGate(), 1, new NoisyTopKRule(k, 0.1f, 0.1f)),
              0),
          new FixedCountMethod(
              "switch",
              "one expert of as many blocks as the budget allows (Fedus et al. 2021)",
              blocks -> scaled(new LinearGate(), blocks, new SwitchRule(1.25f, 0.01f, 1e-3f)),
              0));

  private Methods() {}

  private static Method gates(
      String name, String description, GateForm form, Granularity granularity) {
    return new GatedMethod(name, description, GateSpec.of(form, granularity), PLAIN);
  }

  private static GateSpec scaled(GateForm form, int blocksPerGate, GateRule rule) {
    return new GateSpec(form, Granularity.BLOCK, blocksPerGate, rule, true);
  }

  private static GateRule policy() {
    return new BernoulliRule(
        BernoulliRule.Decision.THRESHOLD, 0, 0, 0.01f, Reinforce.Baseline.LEAVE_ONE_OUT);
  }

  public static List<Method> all() {
    return ALL;
  }

  public static List<String> names() {
    return ALL.stream().map(Method::name).toList();
  }

  public static Method of(String name) {
    return ALL.stream()
        .filter(method -> method.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown method: name=" + name + ", known=" + names()));
  }

  /// `all`, or names joined by commas; each once, in the order given.
  public static List<Method> parse(String text) {
    if (text.equals("all")) {
      return ALL;
    }
    List<Method> methods = new ArrayList<>();
    for (String name : text.split(",", -1)) {
      Method method = of(name.strip());
      if (!methods.contains(method)) {
        methods.add(method);
      }
    }
    return List.copyOf(methods);
  }
}
