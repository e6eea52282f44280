package dev.sluice.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Constants' names as people and machines read them.
public final class ConstantNames {
  private ConstantNames() {}

  /// `WEIGHT_GRADIENT` as in tables: `weight gradient`.
  public static String words(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /// As in JSON: `weightGradient`.
  public static String key(Enum<?> constant) {
    String[] words = words(constant).split(" ", -1);
    return words[0]
        + Arrays.stream(words, 1, words.length)
            .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
            .collect(Collectors.joining());
  }
}
