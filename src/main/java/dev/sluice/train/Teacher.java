package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/// One model, or several as an ensemble, whose answers are distilled into a student (Hinton et al., arXiv 1503.02531). Blueprints may
/// differ from each other and from the student's; inputs, outputs and output form may not. The models stay the caller's, and open.
///
/// ```
/// softmax     ln of the mean of the models' probabilities
/// sigmoid     the logit of that mean, per output
/// identity    the mean
/// ```
///
/// A single model answers with its own outputs before softmax or sigmoid. Answers do not depend on the batch size.
public final class Teacher {
  private static final int DEFAULT_BATCH = 128;

  private final List<Model> models;
  private final int batchSize;

  private Teacher(List<Model> models, int batchSize) {
    this.models = List.copyOf(models);
    this.batchSize = batchSize;
  }

  public static Teacher of(List<Model> models) {
    return of(models, DEFAULT_BATCH);
  }

  /// @param models at least one
  /// @param batchSize rows answered at a time
  /// @throws IllegalArgumentException if models differ in inputs, outputs or output form
  public static Teacher of(List<Model> models, int batchSize) {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("teacher needs a model: models=0");
    }
    ModelSpec first = models.getFirst().spec();
    for (Model model : models) {
      requireSame("models of a teacher differ", first, model.spec());
    }
    return new Teacher(models, batchSize);
  }

  /// Answers every variant of every row, on the caller's thread.
  public TeacherAnswers answer(Dataset dataset, Augmentation augmentation, long seed) {
    try (WorkTeam team = new WorkTeam()) {
      return ownAnswers(dataset, augmentation, seed, team);
    }
  }

  /// The same with the help of an executor; with the same bits.
  ///
  /// @param dataset the rows that will be trained on, those held out for validation left out
  /// @param seed the training's; does not matter without augmentation
  /// @return memory of its own, `4 · rows · variants · outputs` bytes, to be closed after the last training that uses it
  /// @throws IllegalArgumentException if the dataset does not fit, or weights are not f32
  public TeacherAnswers answer(
      Dataset dataset, Augmentation augmentation, long seed, Executor executor, int threads) {
    OptionChecks.within("threads", threads, 1, 1 << 10);
    try (WorkTeam team = new WorkTeam(executor, threads)) {
      return ownAnswers(dataset, augmentation, seed, team);
    }
  }

  private TeacherAnswers ownAnswers(
      Dataset dataset, Augmentation augmentation, long seed, WorkTeam team) {
    Arena arena = Arena.ofShared();
    try {
      return answer(arena, KernelProvider.kernels(), dataset, augmentation, seed, team);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  /// @param arena of the answers, which close it when they are closed
  TeacherAnswers answer(
      Arena arena,
      Kernels kernels,
      Dataset dataset,
      Augmentation augmentation,
      long seed,
      WorkTeam team) {
    requireInputs(dataset);
    Augmenter augmenter = new Augmenter(dataset, augmentation, seed);
    TeacherAnswers answers =
        new TeacherAnswers(arena, spec(), dataset, augmentation, seed, provenance());
    TrainingOptions options = TrainingOptions.builder().batchSize(batchSize).build();
    try (Arena temporary = Arena.ofShared()) {
      List<Network> networks = new ArrayList<>();
      for (Model model : models) {
        networks.add(
            NetworkBinding.forAnswers(
                temporary, kernels, model.spec(), model.weights(), options, team));
      }
      new EnsemblePass(networks, spec().output(), augmenter, answers, team).run();
    }
    return answers;
  }

  private void requireInputs(Dataset dataset) {
    if (dataset.features() != spec().inputs()) {
      throw new IllegalArgumentException(
          "features differ from teacher inputs: data="
              + dataset.name()
              + ", expected="
              + spec().inputs()
              + ", actual="
              + dataset.features());
    }
  }

  ModelSpec spec() {
    return models.getFirst().spec();
  }

  /// Hashes of the models in their order, joined by commas.
  String provenance() {
    return models.stream().map(Provenance::hash).collect(Collectors.joining(","));
  }

  void requireFit(ModelSpec student) {
    models.forEach(model -> NetworkBinding.requireF32(model.weights()));
    requireSame("teacher does not fit the model", student, spec());
  }

  static void requireSame(String what, ModelSpec expected, ModelSpec actual) {
    if (actual.inputs() != expected.inputs()
        || actual.outputs() != expected.outputs()
        || actual.output() != expected.output()) {
      throw new IllegalArgumentException(
          what + ": expected=" + describe(expected) + ", actual=" + describe(actual));
    }
  }

  private static String describe(ModelSpec spec) {
    return spec.inputs() + " inputs to " + spec.outputs() + " of " + spec.output().specName();
  }
}
