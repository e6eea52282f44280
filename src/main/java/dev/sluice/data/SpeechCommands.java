package dev.sluice.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Speech Commands v2 (Warden 2018, arXiv 1804.03209): a folder of WAV files per word, and the lists
/// `testing_list.txt` and `validation_list.txt` of paths such as `yes/0132a06d_nohash_0.wav`.
///
/// Twelve classes: ten words, `unknown` for a sample of all others, `silence`, which is made: white
/// noise of at most a hundredth of full scale. `_background_noise_` is not read.
final class SpeechCommands {
  private static final List<String> WORDS =
      List.of("yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go");

  static final List<String> CLASS_NAMES =
      List.of(
          "yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go", "unknown",
          "silence");

  private static final int UNKNOWN = 10;
  private static final int SILENCE = 11;
  private static final String TESTING_LIST = "testing_list.txt";
  private static final String VALIDATION_LIST = "validation_list.txt";

  /// Of the amplitude that 16 bits can hold; the noise itself reaches twice its gain.
  private static final double SILENCE_GAIN = 0.005;

  /// @param validationIsTest the list to test on is the validation list; the testing list is then
  ///   left out, so that it stays unseen
  /// @param unknown rows of other words, as a share of the rows of the ten words
  /// @param silence rows of silence, likewise
  record Options(boolean validationIsTest, double unknown, double silence, long seed) {
    static Options of(DataSpec spec) {
      return new Options(
          spec.choice(
              "test", spec.text("test", "testing"), Map.of("testing", false, "validation", true)),
          spec.decimal("unknown", 0.1, 0, 100),
          spec.decimal("silence", 0.1, 0, 100),
          spec.number("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE));
    }
  }

  private final String set;
  private final Path directory;
  private final int rate;
  private final Options options;

  /// @param set for advice if a file is missing, or empty
  SpeechCommands(String set, Path directory, int rate, Options options) {
    this.set = set;
    this.directory = directory;
    this.rate = rate;
    this.options = options;
  }

  List<SpeechSources.Sound> train() {
    Set<String> testing = list(TESTING_LIST);
    Set<String> validation = list(VALIDATION_LIST);
    return sounds(
        path -> !testing.contains(path) && !(options.validationIsTest && validation.contains(path)),
        0);
  }

  List<SpeechSources.Sound> test() {
    Set<String> listed = list(options.validationIsTest ? VALIDATION_LIST : TESTING_LIST);
    return sounds(listed::contains, 1);
  }

  /// The ten words, then other words, then silence; files by folder and name.
  private List<SpeechSources.Sound> sounds(Predicate<String> inPart, int part) {
    List<SpeechSources.Sound> sounds = new ArrayList<>();
    List<Path> others = new ArrayList<>();
    requireWords();
    for (Path folder : Folders.folders(set, directory)) {
      String word = folder.getFileName().toString();
      if (word.startsWith("_")) {
        continue;
      }
      int label = WORDS.indexOf(word);
      for (Path file : Folders.files(set, folder, ".wav")) {
        if (!inPart.test(word + "/" + file.getFileName())) {
          continue;
        }
        if (label < 0) {
          others.add(file);
        } else {
          sounds.add(sound(file, label));
        }
      }
    }
    int words = sounds.size();
    if (words == 0) {
      throw new DatasetException("no file of the ten words is in this part: path=" + directory);
    }
    addUnknown(sounds, others, (int) Math.rint(options.unknown * words), part);
    addSilence(sounds, (int) Math.rint(options.silence * words), part);
    return sounds;
  }

  private void requireWords() {
    for (String word : WORDS) {
      if (!Files.isDirectory(directory.resolve(word))) {
        throw DataFile.missing(set, directory.resolve(word));
      }
    }
  }

  private SpeechSources.Sound sound(Path file, int label) {
    return new SpeechSources.Sound(() -> WavReader.read(file, rate), label);
  }

  private void addUnknown(
      List<SpeechSources.Sound> sounds, List<Path> others, int wanted, int part) {
    int[] order = Splits.permutation(others.size(), generator(part).nextLong());
    int[] chosen = Arrays.copyOf(order, Math.min(wanted, order.length));
    Arrays.sort(chosen);
    for (int index : chosen) {
      sounds.add(sound(others.get(index), UNKNOWN));
    }
  }

  private void addSilence(List<SpeechSources.Sound> sounds, int count, int part) {
    long seed = generator(part + 2).nextLong();
    for (int i = 0; i < count; i++) {
      int index = i;
      sounds.add(new SpeechSources.Sound(() -> noise(SplitMix64.at(seed, index), rate), SILENCE));
    }
  }

  private SplitMix64 generator(int purpose) {
    return SplitMix64.at(options.seed, purpose);
  }

  private static short[] noise(SplitMix64 random, int count) {
    double amplitude = SILENCE_GAIN * 32768 * random.nextFloat();
    short[] samples = new short[count];
    for (int i = 0; i < count; i++) {
      samples[i] = (short) Math.rint(amplitude * random.nextBell());
    }
    return samples;
  }

  /// Paths below the directory, each of which must be there.
  private Set<String> list(String name) {
    Set<String> paths = new HashSet<>();
    try (TextLines lines = TextLines.open(DataFile.existing(set, directory.resolve(name)))) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (!line.matches("[A-Za-z_]+/[A-Za-z0-9_]+\\.wav") || !paths.add(line)) {
          throw lines.problem("path is malformed or comes twice", "WORD/NAME.wav", line);
        }
        if (!Files.exists(directory.resolve(line))) {
          throw lines.problem("listed file is missing", directory.resolve(line), "nothing");
        }
      }
    }
    return paths;
  }
}
