package dev.sluice.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Spoken words as log-mel pictures, see [LogMel].
final class SpeechSources {
  static final Set<String> MEL_OPTIONS = Set.of("seconds", "fft", "window", "hop", "bands");
  static final Set<String> COMMAND_OPTIONS =
      Set.of(
          "seconds", "fft", "window", "hop", "bands", "rate", "test", "unknown", "silence", "seed");

  private static final int DIGITS_RATE = 8000;

  private SpeechSources() {}

  /// A sound with its class; it is read when its turn comes.
  record Sound(Supplier<short[]> samples, int label) {}

  /// The Free Spoken Digit Dataset: 8 kHz, frames as long as those of [#commands].
  static LoadedSource digits(SourceTable.Request request) {
    LogMel.Settings settings = settings(request.spec(), DIGITS_RATE);
    Path directory = request.directory("fsdd");
    List<String> classNames = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    return LoadedSource.standardParts(
        () -> dataset("fsdd/train", SpokenDigits.sounds(directory, "train"), settings, classNames),
        () -> dataset("fsdd/test", SpokenDigits.sounds(directory, "test"), settings, classNames));
  }

  static LoadedSource commands(SourceTable.Request request) {
    DataSpec spec = request.spec();
    int rate = (int) spec.number("rate", 16_000, 1000, 192_000);
    LogMel.Settings settings = settings(spec, rate);
    SpeechCommands commands =
        new SpeechCommands(
            request.knownName(),
            request.directory("speech-commands"),
            rate,
            SpeechCommands.Options.of(spec));
    return LoadedSource.standardParts(
        () ->
            dataset(
                "speech-commands/train", commands.train(), settings, SpeechCommands.CLASS_NAMES),
        () ->
            dataset("speech-commands/test", commands.test(), settings, SpeechCommands.CLASS_NAMES));
  }

  /// Frames of 32 ms of which 25 are seen, every 20 ms at any rate. At
  /// 16 kHz that is fft 512, window 400, hop 320: 40 × 41 values for 0.8 s.
  private static LogMel.Settings settings(DataSpec spec, int rate) {
    double seconds = spec.decimal("seconds", 0.8, 0.01, 60);
    int fft = (int) spec.number("fft", nextPowerOfTwo(rate * 32L / 1000), 16, 1 << 16);
    return new LogMel.Settings(
        rate,
        (int) Math.rint(seconds * rate),
        fft,
        (int) spec.number("window", rate / 40, 2, fft),
        (int) spec.number("hop", rate / 50, 1, fft),
        (int) spec.number("bands", 40, 1, 512));
  }

  private static int nextPowerOfTwo(long value) {
    return (int) Math.max(16, Long.highestOneBit(value - 1) << 1);
  }

  private static FloatDataset dataset(
      String name, List<Sound> sounds, LogMel.Settings settings, List<String> classNames) {
    LogMel logMel = new LogMel(settings);
    long size = (long) sounds.size() * settings.features();
    if (size > Integer.MAX_VALUE - 8) {
      throw new DatasetException(
          "too many features to keep: sounds="
              + sounds.size()
              + ", features="
              + settings.features());
    }
    float[] values = new float[(int) size];
    int[] labels = new int[sounds.size()];
    for (int row = 0; row < labels.length; row++) {
      Sound sound = sounds.get(row);
      labels[row] = sound.label();
      logMel.write(sound.samples().get(), values, row * settings.features());
    }
    Preparation preparation =
        new Preparation("log-mel", settings.describe(), List.of(), classNames);
    return FloatDataset.prepared(name, values, settings.features(), labels, preparation);
  }
}
