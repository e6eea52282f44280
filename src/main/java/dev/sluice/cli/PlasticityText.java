package dev.sluice.cli;

import dev.sluice.train.StructuralPlasticity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;

/// `density=0.25,every=100`: names and values, in any order.
///
/// Everything throws [IllegalArgumentException] that repeats the text and says what is expected.
final class PlasticityText {
  private final String text;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<String> known = new ArrayList<>();

  private PlasticityText(String text) {
    this.text = text;
    for (String entry : text.split(",", -1)) {
      int equals = entry.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "not of the form name=value: value=" + text + ", part=" + entry);
      }
      if (values.put(entry.substring(0, equals), entry.substring(equals + 1)) != null) {
        throw new IllegalArgumentException(
            "given twice: value=" + text + ", name=" + entry.substring(0, equals));
      }
    }
  }

  /// `density=0.25,at=0.5,scope=global,layers=first`
  static StructuralPlasticity magnitude(String text) {
    PlasticityText entries = new PlasticityText(text);
    var builder = StructuralPlasticity.magnitude(entries.density());
    entries.number("at", builder::pruneAtShare);
    entries.name("scope", StructuralPlasticity.Scope.values(), builder::scope);
    entries.name("layers", StructuralPlasticity.Layers.values(), builder::layers);
    entries.requireKnown();
    return builder.build();
  }

  /// `density=0.25,every=100,alpha=0.3,until=0.75,deviation=0.02,memory=0,start=random,layers=hidden`
  static StructuralPlasticity rigl(String text) {
    PlasticityText entries = new PlasticityText(text);
    var builder = StructuralPlasticity.rigl(entries.density());
    entries.number("every", value -> builder.everySteps(entries.whole(value)));
    entries.number("alpha", builder::alpha);
    entries.number("until", builder::untilShare);
    entries.number("deviation", builder::growDeviation);
    entries.number("memory", builder::gradientMemory);
    entries.name("start", StructuralPlasticity.Start.values(), builder::start);
    entries.name("layers", StructuralPlasticity.Layers.values(), builder::layers);
    entries.requireKnown();
    return builder.build();
  }

  private double density() {
    double[] density = {Double.NaN};
    number("density", value -> density[0] = value);
    if (Double.isNaN(density[0])) {
      throw new IllegalArgumentException(
          "density is missing: value=" + text + ", expected=density=0.25");
    }
    return density[0];
  }

  private void number(String name, DoubleConsumer target) {
    known.add(name);
    String value = values.remove(name);
    if (value == null) {
      return;
    }
    try {
      target.accept(Double.parseDouble(value));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a number: value=" + text + ", part=" + value, e);
    }
  }

  private int whole(double value) {
    if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("not a whole number: value=" + text + ", part=" + value);
    }
    return (int) value;
  }

  private <E extends Enum<E>> void name(String name, E[] choices, Consumer<E> target) {
    known.add(name);
    String value = values.remove(name);
    if (value == null) {
      return;
    }
    List<String> names = new ArrayList<>();
    for (E choice : choices) {
      names.add(choice.name().toLowerCase(Locale.ROOT));
      if (names.getLast().equals(value)) {
        target.accept(choice);
        return;
      }
    }
    throw OptionTexts.unknown(name, value, names);
  }

  private void requireKnown() {
    for (String name : values.keySet()) {
      throw OptionTexts.unknown("part", name, known);
    }
  }
}
