package dev.sluice.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Small trainings by the command line, for tests that need a model file.
final class Trained {
  static final String DIGITS = "stroke-digits?rows=400&test=120&seed=3";

  private Trained() {}

  /// A gated network for [#DIGITS], within a second.
  static Path digits(Path folder, String name, String... more) {
    Path file = folder.resolve(name);
    List<String> args =
        new ArrayList<>(
            List.of(
                "train",
                "--data",
                DIGITS,
                "--layers",
                "784-48-32-10",
                "--gate",
                "linear",
                "--block",
                "8",
                "--mac-budget",
                "0.6",
                "--epochs",
                "4",
                "--batch",
                "32",
                "--learning-rate",
                "0.01",
                "--seed",
                "5",
                "--out",
                file.toString()));
    args.addAll(List.of(more));
    CliRun.of(args.toArray(String[]::new)).succeeded();
    return file;
  }

  /// A dense network for a table.
  static Path table(Path folder, String name, String data, String layers, String... more) {
    Path file = folder.resolve(name);
    List<String> args =
        new ArrayList<>(
            List.of(
                "train",
                "--data",
                data,
                "--layers",
                layers,
                "--epochs",
                "20",
                "--batch",
                "16",
                "--learning-rate",
                "0.02",
                "--out",
                file.toString()));
    args.addAll(List.of(more));
    CliRun.of(args.toArray(String[]::new)).succeeded();
    return file;
  }
}
