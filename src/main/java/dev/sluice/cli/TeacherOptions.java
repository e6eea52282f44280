package dev.sluice.cli;

import dev.sluice.format.ModelFile;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.Model;
import dev.sluice.train.Distillation;
import dev.sluice.train.Teacher;
import dev.sluice.train.TrainingOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Models to learn from, and how much.
final class TeacherOptions {
  private static final Distillation DEFAULTS = TrainingOptions.defaults().distillation();

  @Option(
      names = "--teacher",
      paramLabel = "FILE",
      split = ",",
      description =
          "Model whose answers are distilled into this one; of several, repeated or separated by"
              + " commas, the mean probabilities.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--distill-temperature",
      paramLabel = "T",
      description = "Softens the answers of --teacher. Default: 3.")
  private @Nullable Double temperature;

  @Option(
      names = "--distill-weight",
      paramLabel = "X",
      description = "Share of --teacher in the loss. Default: 0.7.")
  private @Nullable Double weight;

  /// The models of `--teacher`, open until this is closed.
  record Opened(List<Model> models) implements AutoCloseable {
    /// Null if there are none.
    @Nullable Teacher teacher(int batchSize) {
      return models.isEmpty() ? null : Teacher.of(models, batchSize);
    }

    @Override
    public void close() {
      models.forEach(Model::close);
    }
  }

  Distillation distillation() {
    return new Distillation(
        temperature == null ? DEFAULTS.temperature() : temperature,
        weight == null ? DEFAULTS.weight() : weight);
  }

  void requireTeacher(CommonOptions common) {
    if (files.isEmpty() && (temperature != null || weight != null)) {
      String given = temperature != null ? "--distill-temperature" : "--distill-weight";
      throw common.misuse(given + " needs a teacher; add --teacher FILE");
    }
  }

  Opened open() {
    List<Model> models = new ArrayList<>();
    try {
      for (Path file : files) {
        models.add(ModelFile.open(file, WeightPrecision.F32));
      }
      return new Opened(models);
    } catch (Throwable e) {
      models.forEach(Model::close);
      throw e;
    }
  }
}
