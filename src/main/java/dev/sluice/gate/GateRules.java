package dev.sluice.gate;

import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;

/// The list of gate rules: the one place that names them all.
public final class GateRules {
  private record Entry(String name, Function<RuleParameters, GateRule> create) {}

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry(ThresholdRule.NAME, ThresholdRule::of),
          new Entry(TopKRule.NAME, TopKRule::of),
          new Entry(BernoulliRule.NAME, BernoulliRule::of),
          new Entry(NoisyTopKRule.NAME, NoisyTopKRule::of),
          new Entry(UniformRule.NAME, UniformRule::of),
          new Entry(SwitchRule.NAME, SwitchRule::of));

  private GateRules() {}

  public static List<String> names() {
    return ENTRIES.stream().map(Entry::name).toList();
  }

  /// The rule that `text` describes: `threshold`, `top-k:k=4`, `threshold:temperature=0.5,minimum=2`. What is not given has its default.
  public static GateRule parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    for (Entry entry : ENTRIES) {
      if (entry.name.equals(name)) {
        RuleParameters given = new RuleParameters(text, colon < 0 ? "" : text.substring(colon + 1));
        GateRule rule = entry.create.apply(given);
        given.requireAllRead();
        return rule;
      }
    }
    throw new IllegalArgumentException("unknown gate rule: name=" + name + ", known=" + names());
  }

  /// The inverse of [#parse]; floats come back with identical bits.
  public static String format(GateRule rule) {
    StringJoiner parameters = new StringJoiner(",", ":", "").setEmptyValue("");
    rule.parameters().forEach((name, value) -> parameters.add(name + "=" + value));
    return rule.name() + parameters;
  }
}
