package dev.sluice.runtime;

import dev.sluice.data.StrokeDigits;
import dev.sluice.format.ModelFile;
import dev.sluice.kernel.Activation;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/// Trains, writes, opens and predicts in a JVM of its own; the argument is a folder to write to. Says whether there was a Flight Recorder, and what it has.
public final class FlightProgram {
  private FlightProgram() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    if (ModuleLayer.boot().findModule("jdk.jfr").isEmpty()) {
      work(folder.resolve("model.safetensors"));
      System.out.println("done without recorder");
    } else {
      Recorded.work(folder);
    }
  }

  private static void work(Path file) {
    ModelSpec spec = ModelSpec.dense(List.of(784, 16, 10), 16, Activation.RELU, OutputForm.SOFTMAX);
    TrainingOptions options = TrainingOptions.builder().epochs(1).build();
    try (Model trained =
        Trainer.builder(spec, options, StrokeDigits.generate(300, 1)).build().train().model()) {
      ModelFile.write(file, spec, trained.weights(), trained.metadata());
    }
    try (Model model = ModelFile.open(file);
        Predictor predictor = Predictor.of(model)) {
      for (int row = 0; row < 5; row++) {
        predictor.predict(new float[784], new float[10]);
      }
    }
  }

  /// Apart, so that the program can run where there is no recorder.
  private static final class Recorded {
    static void work(Path folder) throws IOException {
      try (Recording recording = new Recording()) {
        recording.enable("dev.sluice.Prediction").with("every", "1");
        recording.start();
        FlightProgram.work(folder.resolve("model.safetensors"));
        recording.stop();
        Path file = folder.resolve("recording.jfr");
        recording.dump(file);
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        System.out.println(
            "predictions=%d, openings=%d, epochs=%d"
                .formatted(
                    count(events, "Prediction"),
                    count(events, "ModelOpen"),
                    count(events, "TrainingEpoch")));
      }
    }

    private static long count(List<RecordedEvent> events, String name) {
      return events.stream()
          .filter(event -> event.getEventType().getName().equals("dev.sluice." + name))
          .count();
    }
  }
}
