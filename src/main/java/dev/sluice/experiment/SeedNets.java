package dev.sluice.experiment;

import dev.sluice.data.Splits;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.train.Augmentation;
import dev.sluice.train.GateOptions;
import dev.sluice.train.LearningRate;
import dev.sluice.train.Teacher;
import dev.sluice.train.TeacherAnswers;
import dev.sluice.train.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What all networks of one seed share: the split, the teacher's answers, the reference and the equal-MAC networks.
final class SeedNets implements AutoCloseable {
  /// Keeps the seeds of teachers apart from those of the networks they teach.
  private static final long TEACHER_SEEDS = 1_000_003;

  private final Recipe recipe;
  private final ExperimentData data;
  private final long seed;
  private final ModelStore store;
  private final Splits.Parts parts;
  private final Map<String, Comparator> comparators = new ConcurrentHashMap<>();
  private volatile @Nullable TeacherAnswers answers;

  /// A dense network as records need it.
  record Comparator(String layers, double accuracy, double relativeMacs) {}

  SeedNets(Recipe recipe, ExperimentData data, long seed, ModelStore store) {
    this.recipe = recipe;
    this.data = data;
    this.seed = seed;
    this.store = store;
    this.parts = Splits.validation(data.training(), recipe.options().validationShare(), seed);
  }

  long seed() {
    return seed;
  }

  Setting setting(double budget, Execution execution) {
    return new Setting(recipe, parts.train(), parts.validation(), budget, seed, answers, execution);
  }

  String teacherName(int index) {
    return "teacher-" + seed + "-" + index;
  }

  String denseName() {
    return "dense-" + seed;
  }

  String equalMacName(double budget) {
    return "equal-mac-" + budget + "-" + seed;
  }

  /// Trains network `index` of the teacher, if there is none yet.
  void teacher(int index, Execution execution) {
    TeacherRecipe teacher = recipe.teacher().orElseThrow();
    List<Integer> widths = Recipe.widths(data.training(), teacher.hidden());
    Setting setting = setting(1, execution);
    LearningRate rate = setting.options().learningRate();
    TrainingOptions options =
        setting.options().toBuilder()
            .seed(seed + TEACHER_SEEDS * (index + 1))
            .learningRate(rate.withPeak(rate.peak() / 2))
            .dropout(teacher.dropout())
            .inputDropout(teacher.dropout() / 3)
            .augmentation(harder(recipe.options().augmentation()))
            .build();
    ModelSpec spec =
        setting.network(setting.features(teacher.selects()), recipe.dense(widths).layers());
    store.openOrTrain(teacherName(index), () -> setting.train(spec, options)).model().close();
  }

  /// Pictures for teachers are moved a pixel further: of what they know by heart they would tell no more than the label.
  private static Augmentation harder(Augmentation pupils) {
    return pupils.shift() == 0
        ? pupils
        : new Augmentation(
            pupils.shift() + 1, pupils.flip(), pupils.noise(), 2 * pupils.variants());
  }

  /// Has the teacher answer the training rows; every teacher network must have been trained.
  void answer(Execution execution) {
    List<Model> models = new ArrayList<>();
    try {
      for (int index = 0; index < recipe.teacher().orElseThrow().models(); index++) {
        models.add(store.openModel(teacherName(index)));
      }
      answers =
          Teacher.of(models)
              .answer(
                  parts.train(),
                  recipe.options().augmentation(),
                  seed,
                  execution.helpers(),
                  execution.threads());
    } finally {
      models.forEach(Model::close);
    }
  }

  void trainDense(Execution execution) {
    Setting setting = setting(1, execution);
    compare(denseName(), setting, setting.reference());
  }

  void trainEqualMac(double budget, Execution execution) {
    Setting setting = setting(budget, execution);
    ModelSpec spec =
        EqualMacNetwork.spec(setting.widths(), setting.budgetMacs(), 1, recipe.activation());
    compare(equalMacName(budget), setting, spec);
  }

  private void compare(String name, Setting setting, ModelSpec spec) {
    ModelStore.Stored stored =
        store.openOrTrain(name, () -> setting.train(spec, GateOptions.defaults()));
    try (Model model = stored.model()) {
      Score score = Score.of(model, data.test());
      double relativeMacs = score.macs() / setting.reference().denseMacs();
      comparators.put(
          name, new Comparator(model.spec().architecture(), score.accuracy(), relativeMacs));
    }
  }

  Comparator dense() {
    return comparator(denseName());
  }

  Comparator equalMac(double budget) {
    return comparator(equalMacName(budget));
  }

  private Comparator comparator(String name) {
    Comparator comparator = comparators.get(name);
    if (comparator == null) {
      throw new IllegalStateException("network is not trained yet: name=" + name);
    }
    return comparator;
  }

  @Override
  public void close() {
    if (answers != null) {
      answers.close();
      answers = null;
    }
  }
}
