package dev.sluice.experiment;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.model.Model;
import dev.sluice.runtime.ZeroSkipping;
import dev.sluice.train.Provenance;
import dev.sluice.train.UnreachableBudgetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Trains every network of a plan beside its comparators and records what came out. What a folder already has is not done again: a run
/// that was killed continues when it is started once more, and methods, budgets and seeds can be added.
///
/// Teachers first, then the dense networks, then the methods', each as parallel as the cores allow; latencies last, one at a time, as
/// parallel training would disturb them.
public final class Frontier {
  private final FrontierPlan plan;
  private final ExperimentData data;
  private final ExperimentListener listener;
  private final Cancellation cancellation;
  private final Map<String, String> settings;
  private final ModelStore store;
  private final Map<Long, SeedNets> seeds = new LinkedHashMap<>();

  /// @throws IllegalStateException if the folder has records of other settings
  public Frontier(
      FrontierPlan plan,
      ExperimentData data,
      ExperimentListener listener,
      Cancellation cancellation) {
    this.plan = plan;
    this.data = data;
    this.listener = listener;
    this.cancellation = cancellation;
    this.store = new ModelStore(plan.folder().resolve("models"));
    this.settings = SettingsFile.settings(plan.recipe(), data);
    SettingsFile.require(plan.folder(), settings);
    for (long seed : plan.seeds()) {
      seeds.put(seed, new SeedNets(plan.recipe(), data, seed, store));
    }
  }

  /// Cells of the plan that have no record yet.
  public static List<Cell> missing(FrontierPlan plan) {
    try (RecordFile file = RecordFile.open(plan.folder())) {
      return missing(plan, file);
    }
  }

  private static List<Cell> missing(FrontierPlan plan, RecordFile file) {
    return plan.cells().stream().filter(cell -> file.find(cell) == null).toList();
  }

  /// Does what is missing.
  ///
  /// @return all records of the folder, those of earlier plans too, in the order of cells
  /// @throws Cancellation.CancelledException if it was cancelled; what was finished is recorded
  public List<FrontierRecord> run() {
    try (RecordFile file = RecordFile.open(plan.folder())) {
      List<Cell> missing = missing(plan, file);
      List<List<Jobs.Job>> phases = trainingPhases(missing, file);
      int jobs = phases.stream().mapToInt(List::size).sum();
      int unmeasured = missing.size() + unmeasured(file).size();
      listener.begun(jobs + (plan.latency() ? unmeasured : 0));
      for (List<Jobs.Job> phase : phases) {
        Jobs.run(phase, plan.threads(), cancellation, listener);
      }
      // in the order of cells, whichever was done first
      file.replace(List.of());
      if (plan.latency()) {
        Jobs.run(latencyJobs(file), 1, cancellation, listener);
      }
      return file.all();
    } finally {
      seeds.values().forEach(SeedNets::close);
    }
  }

  private List<List<Jobs.Job>> trainingPhases(List<Cell> missing, RecordFile file) {
    List<Jobs.Job> teachers = new ArrayList<>();
    List<Jobs.Job> answers = new ArrayList<>();
    List<Jobs.Job> comparators = new ArrayList<>();
    for (SeedNets nets : seeds.values()) {
      List<Double> budgets =
          missing.stream()
              .filter(cell -> cell.seed() == nets.seed())
              .map(Cell::budget)
              .distinct()
              .toList();
      if (budgets.isEmpty()) {
        continue;
      }
      addTeacher(nets, teachers, answers);
      comparators.add(new Jobs.Job(nets.denseName(), nets::trainDense));
      for (double budget : budgets) {
        comparators.add(
            new Jobs.Job(
                nets.equalMacName(budget), execution -> nets.trainEqualMac(budget, execution)));
      }
    }
    List<Jobs.Job> cells =
        missing.stream()
            .map(cell -> new Jobs.Job(cell.toString(), execution -> run(cell, execution, file)))
            .toList();
    return List.of(teachers, answers, comparators, cells);
  }

  private void addTeacher(SeedNets nets, List<Jobs.Job> teachers, List<Jobs.Job> answers) {
    int models = plan.recipe().teacher().map(TeacherRecipe::models).orElse(0);
    for (int model = 0; model < models; model++) {
      int index = model;
      teachers.add(
          new Jobs.Job(nets.teacherName(index), execution -> nets.teacher(index, execution)));
    }
    if (models > 0) {
      answers.add(new Jobs.Job("answers-" + nets.seed(), nets::answer));
    }
  }

  private void run(Cell cell, Execution execution, RecordFile file) {
    try {
      file.append(record(cell, execution));
    } catch (Cancellation.CancelledException e) {
      throw e;
    } catch (UnreachableBudgetException e) {
      listener.unreachable(cell, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException | IllegalStateException e) {
      listener.failed(cell, String.valueOf(e.getMessage()));
    }
  }

  private FrontierRecord record(Cell cell, Execution execution) {
    SeedNets nets = Objects.requireNonNull(seeds.get(cell.seed()));
    Setting setting = nets.setting(cell.budget(), execution);
    Method method = plan.method(cell);
    ModelStore.Stored stored = store.openOrTrain(cell.toString(), () -> method.train(setting));
    try (Model model = stored.model()) {
      Score score = Score.of(model, data.test());
      SeedNets.Comparator equalMac = nets.equalMac(cell.budget());
      return new FrontierRecord(
          data.name(),
          cell,
          model.spec().architecture(),
          stored.validationAccuracy(),
          score.macs() / setting.reference().denseMacs(),
          score,
          nets.dense().accuracy(),
          equalMac.accuracy(),
          equalMac.relativeMacs(),
          equalMac.layers(),
          Optional.empty(),
          Optional.empty(),
          stored.seconds(),
          versions(),
          settings,
          stored.notes());
    }
  }

  private static Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    versions.put("sluice", Provenance.sluiceVersion());
    versions.put("java", Runtime.version().toString());
    versions.put("kernels", KernelProvider.kernels().name());
    return versions;
  }

  /// Recorded networks of the folder without latencies whose files are still there.
  private List<FrontierRecord> unmeasured(RecordFile file) {
    return file.all().stream()
        .filter(record -> record.latency().isEmpty())
        .filter(record -> networks(record.cell()).allMatch(store::has))
        .toList();
  }

  /// The network and its comparators.
  private static Stream<String> networks(Cell cell) {
    return Stream.of(
        "dense-" + cell.seed(), "equal-mac-" + cell.budget() + "-" + cell.seed(), cell.toString());
  }

  private List<Jobs.Job> latencyJobs(RecordFile file) {
    LatencyMeasurement measurement = new LatencyMeasurement(data.test());
    return unmeasured(file).stream()
        .map(
            record ->
                new Jobs.Job(
                    "latency of " + record.cell(),
                    _ -> file.replace(List.of(measured(record, measurement)))))
        .toList();
  }

  private FrontierRecord measured(FrontierRecord record, LatencyMeasurement measurement) {
    List<Model> models = networks(record.cell()).map(store::openModel).toList();
    try {
      Latencies off = measure(measurement, models, ZeroSkipping.OFF);
      Latencies on = measure(measurement, models, ZeroSkipping.AUTO);
      return record.withLatencies(off, on);
    } finally {
      models.forEach(Model::close);
    }
  }

  private static Latencies measure(
      LatencyMeasurement measurement, List<Model> models, ZeroSkipping skipping) {
    return measurement.measure(models.get(0), models.get(1), models.get(2), skipping);
  }
}
