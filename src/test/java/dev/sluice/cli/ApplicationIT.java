package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.kernel.KernelProvider;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The packaged application, from its launcher: what unit tests on the class path cannot see.
class ApplicationIT {
  private static final String DATA = "stroke-digits?rows=300&test=60&seed=2";

  @TempDir private Path folder;
  private Application application = new Application(Path.of(""));

  @BeforeEach
  void locate() {
    application = new Application(folder);
  }

  private static String[] train(String out, String epochs, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--data", DATA));
    args.addAll(List.of("--layers", "784-32-10", "--gate", "linear", "--block", "8"));
    args.addAll(List.of("--mac-budget", "0.7", "--epochs", epochs, "--seed", "4"));
    args.addAll(List.of("--batch", "32", "--out", out));
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }

  @Test
  void helpAndVersionWorkWithoutAnyFlag() throws Exception {
    String help = application.run("--help").succeeded().out();
    assertTrue(help.contains("quickstart") && help.contains("doctor"), help);
    String version = application.run("--version").succeeded().out();
    assertTrue(version.matches("(?s)sluice \\d+\\.\\d+\\.\\d+.*"), version);
  }

  @Test
  void simdRunsOnTheModulePathAsWideAsTheMachineAllows() throws Exception {
    JsonNode json = application.run("doctor", "--json").json();
    assertTrue(json.get("modulePath").booleanValue());
    String widest = KernelProvider.all().getLast().name();
    assertEquals(widest, json.get("kernels").get("name").stringValue(), json.toString());
    assertTrue(json.get("ok").booleanValue(), json.toString());
  }

  @Test
  void wrongUsageIs2AndFailedWorkIs1AndBothSayWhy() throws Exception {
    application.run("train", "--layers", "1-2").failed(2, "--data", "Try 'sluice train --help'.");
    Application.Finished missing = application.run("inspect", "none.safetensors");
    missing.failed(1, "cannot read model file: path=none.safetensors");
    assertFalse(missing.err().contains("\tat "), missing.err());
  }

  @Test
  void aModelTrainedHereIsTheOneTrainedInTheTestsOwnJvm() throws Exception {
    JsonNode trained = application.run(train("m.safetensors", "2", "--json")).json();
    assertEquals(2, trained.get("epochs").size());
    JsonNode score = application.run("eval", "m.safetensors", "--data", DATA, "--json").json();
    assertEquals(60, score.get("rows").intValue());
    application.run("predict", "m.safetensors", "--data", DATA, "--out", "s.csv").succeeded();
    assertEquals(61, Files.readAllLines(folder.resolve("s.csv")).size());
    application.run("inspect", "m.safetensors").succeeded();

    Path own = folder.resolve("own.safetensors");
    CliRun.of(train(own.toString(), "2", "--threads", "1")).succeeded();
    JsonNode ownScore = CliRun.of("eval", own.toString(), "--data", DATA, "--json").json();
    assertEquals(ownScore, score);
  }

  @Test
  void anInterruptedTrainingResumesToTheSameModel() throws Exception {
    String[] command = train("m.safetensors", "80");
    Application.Finished interrupted = application.runUntil("epoch 1/", command);
    interrupted.failed(1, "training cancelled", "--resume", "m.safetensors.checkpoint");
    assertFalse(Files.exists(folder.resolve("m.safetensors")));
    assertTrue(Files.exists(folder.resolve("m.safetensors.checkpoint")));

    application.run(train("m.safetensors", "80", "--resume")).succeeded();
    assertFalse(Files.exists(folder.resolve("m.safetensors.checkpoint")));
    application.run(train("straight.safetensors", "80")).succeeded();
    assertEquals(
        -1,
        Files.mismatch(folder.resolve("m.safetensors"), folder.resolve("straight.safetensors")));
  }

  @Test
  void aDataSetThatIsNotHereNamesTheCommandThatGetsIt() throws Exception {
    application
        .run("train", "--data", "mnist", "--layers", "784-10", "--out", "m.safetensors")
        .failed(1, "data file missing", "sluice data get mnist", "SLUICE_DATA");
  }

  /// The JDK's decoder is in a module that nothing else of Sluice needs.
  @Test
  void picturesAreDecodedOnTheModulePath() throws Exception {
    Files.writeString(folder.resolve("wnids.txt"), "n00000001\n");
    Files.createDirectories(folder.resolve("val/images"));
    StringBuilder annotations = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      BufferedImage picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
      Path train = folder.resolve("train/n00000001/images/t_" + i + ".JPEG");
      Files.createDirectories(train.getParent());
      ImageIO.write(picture, "jpeg", train.toFile());
      ImageIO.write(picture, "jpeg", folder.resolve("val/images/v_" + i + ".JPEG").toFile());
      annotations.append("v_").append(i).append(".JPEG\tn00000001\t0\t0\t1\t1\n");
    }
    Files.writeString(folder.resolve("val/val_annotations.txt"), annotations);
    trainOn("tiny-imagenet:" + folder, "12288-4-1");
  }

  /// Spectra need a library that has no module descriptor of its own.
  @Test
  void soundsAreTransformedOnTheModulePath() throws Exception {
    StringBuilder testing = new StringBuilder();
    for (String word : "yes no up down left right on off stop go".split(" ")) {
      Files.createDirectories(folder.resolve(word));
      for (int i = 0; i < 3; i++) {
        Files.write(folder.resolve(word + "/a" + i + ".wav"), silence());
      }
      testing.append(word).append("/a0.wav\n");
    }
    Files.writeString(folder.resolve("testing_list.txt"), testing);
    Files.writeString(folder.resolve("validation_list.txt"), "");
    trainOn("speech-commands:" + folder, "1640-4-12");
  }

  private void trainOn(String data, String layers) throws Exception {
    String[] command = {
      "train", "--data", data, "--layers", layers, "--epochs", "1", "--out", "m.safetensors"
    };
    application.run(command).succeeded();
    assertTrue(Files.exists(folder.resolve("m.safetensors")));
  }

  /// A tenth of a second at 16 kHz.
  private static byte[] silence() {
    ByteBuffer wav = ByteBuffer.allocate(44 + 3200).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 3200);
    wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16).putShort((short) 1);
    wav.putShort((short) 1).putInt(16_000).putInt(32_000).putShort((short) 2).putShort((short) 16);
    wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(3200);
    return wav.array();
  }
}
