package dev.sluice.account.jfr;

import java.util.Set;
import jdk.jfr.SettingControl;

/// Of how many predictions one is recorded; of several recordings' wishes the smallest counts, and what is no number from 1 on counts as not said.
///
/// Public, as Flight Recorder makes it by reflection.
public final class PredictionPeriod extends SettingControl {
  static final int STANDARD = 100;

  private static volatile int current = STANDARD;

  private String value = Integer.toString(STANDARD);

  public PredictionPeriod() {}

  static int current() {
    return current;
  }

  @Override
  public String combine(Set<String> values) {
    int least = Integer.MAX_VALUE;
    for (String text : values) {
      least = Math.min(least, parse(text, least));
    }
    return Integer.toString(least == Integer.MAX_VALUE ? STANDARD : least);
  }

  @Override
  public void setValue(String text) {
    int period = parse(text, STANDARD);
    value = Integer.toString(period);
    current = period;
  }

  @Override
  public String getValue() {
    return value;
  }

  private static int parse(String text, int otherwise) {
    try {
      int period = Integer.parseInt(text.strip());
      return period < 1 ? otherwise : period;
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
