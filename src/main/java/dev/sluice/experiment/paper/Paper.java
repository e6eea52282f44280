package dev.sluice.experiment.paper;

import java.util.List;

/// A publication whose settings can be run.
public interface Paper {
  /// As it is asked for.
  String name();

  /// Authors, title and where it is published.
  String reference();

  List<PaperSetting> settings();

  /// @throws IllegalArgumentException if the paper has no such setting; the message lists those it has
  default PaperSetting setting(String name) {
    return settings().stream()
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown setting of "
                        + name()
                        + ": name="
                        + name
                        + ", known="
                        + settings().stream().map(PaperSetting::name).toList()));
  }
}
