package dev.sluice.runtime;

import java.math.BigDecimal;
import java.time.Duration;

/// What requests may cost: given to [Predictor#budget] and [BatchPredictor#budget], which keep to it until they get another one.
public sealed interface Budget {
  /// The network as it was trained.
  static Budget none() {
    return None.NONE;
  }

  /// At most so many MACs relative to [dev.sluice.model.ModelSpec#denseMacs], on average over rows like those the model's [Dial] was
  /// measured on: the dearest of its settings within that.
  static Budget meanRelativeMacs(double share) {
    return new MeanRelativeMacs(share);
  }

  /// At most so many MACs for any single row, whatever its features: panels, gates, light paths and halting units, inputs that are zero included,
  /// padding not. Stages that could exceed it are not entered, and gates open no more than fits: those of the largest logits, cheaper stages first. A
  /// larger cap never limits more.
  static Budget mostMacs(long macs) {
    return new MostMacs(macs);
  }

  /// At most so long per row on average, by a [Dial] and by what its settings take on this machine, now: setting by setting some made-up rows are
  /// answered, which tells the time per MAC; that times the setting's mean MACs is held against the limit. An estimate, not a promise: it is
  /// as good as the machine is quiet.
  static Budget within(Duration perRow) {
    return new Within(perRow);
  }

  /// A setting of a dial, or one to be tried.
  static Budget setting(Dial.Setting setting) {
    return new Chosen(setting);
  }

  enum None implements Budget {
    NONE
  }

  record MeanRelativeMacs(double share) implements Budget {
    public MeanRelativeMacs {
      if (!(share > 0)) {
        throw new IllegalArgumentException("budget is not positive: relativeMacs=" + share);
      }
    }
  }

  record MostMacs(long macs) implements Budget {
    public MostMacs {
      if (macs < 0) {
        throw new IllegalArgumentException("budget is negative: macs=" + macs);
      }
    }
  }

  record Within(Duration perRow) implements Budget {
    public Within {
      if (!perRow.isPositive()) {
        throw new IllegalArgumentException("budget is not positive: perRow=" + perRow);
      }
    }
  }

  record Chosen(Dial.Setting setting) implements Budget {}

  /// `none`; relative MACs as in `0.1`; a cap as in `60000macs`; a time per row as in `60us`, `1.5ms`, `800ns`.
  static Budget parse(String text) {
    if (text.equals("none")) {
      return none();
    }
    try {
      if (text.endsWith("macs")) {
        return mostMacs(Long.parseLong(text.substring(0, text.length() - 4)));
      }
      if (text.endsWith("s")) {
        return within(duration(text));
      }
      return meanRelativeMacs(Double.parseDouble(text));
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "budget is not understood: budget=" + text + ", known=none, 0.1, 60000macs, 60us", e);
    }
  }

  private static Duration duration(String text) {
    int digits = text.length();
    while (digits > 0 && Character.isLetter(text.charAt(digits - 1))) {
      digits--;
    }
    long unitNanos =
        switch (text.substring(digits)) {
          case "ns" -> 1;
          case "us" -> 1_000;
          case "ms" -> 1_000_000;
          case "s" -> 1_000_000_000;
          default -> throw new NumberFormatException("unknown unit of time");
        };
    BigDecimal count = new BigDecimal(text.substring(0, digits));
    return Duration.ofNanos(count.multiply(BigDecimal.valueOf(unitNanos)).longValueExact());
  }
}
