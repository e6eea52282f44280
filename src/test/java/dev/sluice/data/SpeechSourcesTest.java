package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeechSourcesTest {
  private static final int RATE = 16_000;
  private static final List<String> WORDS =
      List.of("yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go");

  @TempDir Path base;

  private DataSource source() {
    return DataSource.at(base);
  }

  /// Five sounds of each word, of which one is for testing and one for validation; two other words.
  private Path writeCommands() throws IOException {
    Path folder = base.resolve("speech-commands");
    StringBuilder testing = new StringBuilder();
    StringBuilder validation = new StringBuilder();
    for (String word : Stream.concat(WORDS.stream(), Stream.of("bed", "cat")).toList()) {
      for (int i = 0; i < 5; i++) {
        short[] sound = Wav.sine(200 + Math.abs(word.hashCode() % 1000) + 10 * i, RATE, 3000 + i);
        Wav.write(folder.resolve(word).resolve("f" + i + "_nohash_0.wav"), RATE, sound);
      }
      testing.append(word).append("/f0_nohash_0.wav\n");
      validation.append(word).append("/f1_nohash_0.wav\n");
    }
    Wav.write(folder.resolve("_background_noise_/hum.wav"), RATE, Wav.sine(50, RATE, 100));
    Files.writeString(folder.resolve("README.md"), "read me");
    Files.writeString(folder.resolve("testing_list.txt"), testing);
    Files.writeString(folder.resolve("validation_list.txt"), validation);
    return folder;
  }

  @Test
  void theListsDivideTheWordsAndTheRestIsUnknownOrMade() throws IOException {
    writeCommands();
    DataSplit split = source().load("speech-commands");
    assertEquals(1640, split.train().features());
    // A tenth of 40 rows, and of 10.
    assertArrayEquals(
        new int[] {4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4}, Rows.labelCounts(split.train()));
    assertArrayEquals(
        new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, Rows.labelCounts(split.test()));
    Preparation preparation = split.train().preparation().orElseThrow();
    assertEquals(WORDS, preparation.classNames().subList(0, 10));
    assertEquals(List.of("unknown", "silence"), preparation.classNames().subList(10, 12));
  }

  @Test
  void onTheValidationListTheTestingListStaysUnseen() throws IOException {
    writeCommands();
    DataSplit split = source().load("speech-commands?test=validation&unknown=0&silence=0.5");
    assertArrayEquals(
        new int[] {3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 0, 15}, Rows.labelCounts(split.train()));
    assertArrayEquals(
        new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 5}, Rows.labelCounts(split.test()));
  }

  @Test
  void theSeedDecidesAboutUnknownWordsAndSilence() throws IOException {
    Path folder = writeCommands();
    String first = source().load("speech-commands").train().contentHash();
    assertEquals(first, source().load("speech-commands:" + folder).train().contentHash());
    assertNotEquals(first, source().load("speech-commands?seed=1").train().contentHash());
  }

  @Test
  void aRowIsTheLogMelOfItsFile() throws IOException {
    Path folder = writeCommands();
    float[] expected = new float[1640];
    LogMel logMel = new LogMel(new LogMel.Settings(RATE, 12_800, 512, 400, 320, 40));
    logMel.write(WavReader.read(folder.resolve("down/f0_nohash_0.wav"), RATE), expected, 0);
    Dataset test = source().loadTest("speech-commands");
    assertEquals(3, test.label(0));
    assertArrayEquals(expected, Rows.features(test, 0));
  }

  @Test
  void listsThatDoNotFitTheFilesAreNamed() throws IOException {
    Path folder = writeCommands();
    Path list = folder.resolve("testing_list.txt");
    String good = Files.readString(list);
    Files.writeString(list, good + "yes/gone_nohash_0.wav\n");
    Complaint.of(() -> source().load("speech-commands"), "listed file is missing", "line=13");
    Files.writeString(list, good + "../yes/f0_nohash_0.wav\n");
    Complaint.of(() -> source().load("speech-commands"), "path is malformed", "line=13");
    Files.writeString(list, good + "yes/f0_nohash_0.wav\n");
    Complaint.of(() -> source().load("speech-commands"), "path is malformed or comes twice");
    Files.writeString(list, "cat/f0_nohash_0.wav\n");
    Complaint.of(
        () -> source().load("speech-commands"), "no file of the ten words is in this part");
    Files.delete(list);
    Complaint.of(
        () -> source().load("speech-commands:" + folder), "data file missing: path=" + list);
  }

  @Test
  void aSoundOfAnotherRateIsNamed() throws IOException {
    Path folder = writeCommands();
    Path odd = Wav.write(folder.resolve("yes/f3_nohash_0.wav"), 8000, Wav.sine(9, 8000, 90));
    Complaint.of(() -> source().load("speech-commands"), "wav rate differs: path=" + odd);
  }

  @Test
  void spokenDigitsAreLabelledByTheirFileNames() throws IOException {
    Path fsdd = base.resolve("fsdd");
    for (int digit : new int[] {7, 0, 3}) {
      Wav.write(fsdd.resolve("train/" + digit + "_ann_12.wav"), 8000, Wav.sine(300, 8000, 900));
      Wav.write(fsdd.resolve("test/" + digit + "_ann_0.wav"), 8000, Wav.sine(300, 8000, 900));
    }
    DataSplit split = source().load("fsdd");
    assertArrayEquals(new int[] {0, 3, 7}, Rows.labels(split.train()));
    assertEquals(10, split.test().classes());
    assertEquals(1640, split.test().features());
    assertEquals(20 * 51, source().load("fsdd?seconds=1&bands=20").test().features());
    Complaint.of(() -> source().load("fsdd?seconds=0"), "data option out of range: option=seconds");
    Complaint.of(() -> source().load("fsdd?fft=300"), "fft is not a power of two: fft=300");
    Path odd = Wav.write(fsdd.resolve("test/seven.wav"), 8000, Wav.sine(300, 8000, 900));
    Complaint.of(() -> source().load("fsdd"), "sound has another name: path=" + odd);
  }

  @Test
  void aFolderWithoutSoundsIsNamed() throws IOException {
    Files.createDirectories(base.resolve("fsdd/train"));
    Complaint.of(
        () -> source().load("fsdd"), "folder has no files: path=" + base.resolve("fsdd/train"));
  }
}
