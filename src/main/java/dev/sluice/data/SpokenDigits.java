package dev.sluice.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The Free Spoken Digit Dataset, divided into folders: `{train,test}/{digit}_{speaker}_{take}.wav`.
final class SpokenDigits {
  private static final int RATE = 8000;
  private static final Pattern NAME = Pattern.compile("([0-9])_[A-Za-z0-9]+_[0-9]+\\.wav");

  private SpokenDigits() {}

  /// Ordered by file name.
  static List<SpeechSources.Sound> sounds(Path directory, String part) {
    List<SpeechSources.Sound> sounds = new ArrayList<>();
    Path folder = directory.resolve(part);
    for (Path file : Folders.files("fsdd", folder, ".wav")) {
      Matcher name = NAME.matcher(file.getFileName().toString());
      if (!name.matches()) {
        throw new DatasetException(
            "sound has another name: path=" + file + ", expected=DIGIT_SPEAKER_TAKE.wav");
      }
      int label = Integer.parseInt(name.group(1));
      sounds.add(new SpeechSources.Sound(() -> WavReader.read(file, RATE), label));
    }
    return sounds;
  }
}
