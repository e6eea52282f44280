package dev.sluice.experiment.paper;

import dev.sluice.data.Splits;
import dev.sluice.experiment.Cancellation;
import dev.sluice.experiment.EqualMacNetwork;
import dev.sluice.experiment.Execution;
import dev.sluice.experiment.ExperimentData;
import dev.sluice.experiment.ExperimentListener;
import dev.sluice.experiment.Method;
import dev.sluice.experiment.Recipe;
import dev.sluice.experiment.Score;
import dev.sluice.experiment.Setting;
import dev.sluice.experiment.Spread;
import dev.sluice.experiment.Trained;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.train.GateOptions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs a paper's setting over seeds. Beside every network that executes less than its dense twin stands the plain dense network of as
/// many MACs, which no paper here has.
public final class Reproduction {
  private final PaperSetting paper;
  private final Recipe recipe;
  private final ExperimentData data;
  private final Execution execution;
  private final ExperimentListener listener;
  private final Map<String, Map<Metric, List<Double>>> figures = new LinkedHashMap<>();

  /// One figure of a network; those that it does not have, as load without experts, have no row.
  ///
  /// @param published as the paper prints it, empty where it does not or we do not know, `–` for networks that are ours alone
  public record Row(String net, Metric metric, String published, Spread ours) {}

  /// @param recipe the setting's, or a changed one for a quick look
  public Reproduction(
      PaperSetting paper,
      Recipe recipe,
      ExperimentData data,
      Execution execution,
      ExperimentListener listener) {
    this.paper = paper;
    this.recipe = recipe;
    this.data = data;
    this.execution = execution;
    this.listener = listener;
  }

  /// @throws Cancellation.CancelledException if it was cancelled
  public List<Row> run(List<Long> seeds) {
    listener.begun(seeds.size() * paper.nets().size());
    for (long seed : seeds) {
      Splits.Parts parts =
          Splits.validation(data.training(), recipe.options().validationShare(), seed);
      Setting setting =
          new Setting(recipe, parts.train(), parts.validation(), 1, seed, null, execution);
      for (PaperNet net : paper.nets()) {
        run(net.method(), setting);
        listener.done(net.method().name() + "-" + seed);
      }
    }
    return rows();
  }

  private void run(Method method, Setting setting) {
    Score score = add(method.name(), method.train(setting), setting);
    if (score.relativeMacsSelf() < 1) {
      ModelSpec spec =
          EqualMacNetwork.spec(setting.widths(), Math.round(score.macs()), 1, recipe.activation());
      add(
          "equal-MAC dense of " + method.name(),
          setting.train(spec, GateOptions.defaults()),
          setting);
    }
  }

  private Score add(String net, Trained trained, Setting setting) {
    try (Model model = trained.model()) {
      Score score = Score.of(model, data.test());
      Measured measured =
          new Measured(
              model,
              score,
              setting.training(),
              data.test(),
              recipe.options().batchSize(),
              setting.seed());
      Map<Metric, List<Double>> own =
          figures.computeIfAbsent(net, _ -> new EnumMap<>(Metric.class));
      for (Metric metric : paper.metrics()) {
        own.computeIfAbsent(metric, _ -> new ArrayList<>()).add(metric.of(measured));
      }
      return score;
    }
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, Map<Metric, List<Double>>> net : figures.entrySet()) {
      Optional<PaperNet> known = find(net.getKey());
      for (Metric metric : paper.metrics()) {
        Spread ours = Spread.of(values(net.getValue().getOrDefault(metric, List.of())));
        if (Double.isNaN(ours.mean())) {
          continue;
        }
        String published =
            known.map(paperNet -> paperNet.published().getOrDefault(metric, "")).orElse("–");
        rows.add(new Row(net.getKey(), metric, published, ours));
      }
    }
    return rows;
  }

  private static double[] values(List<Double> figures) {
    return figures.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private Optional<PaperNet> find(String name) {
    return paper.nets().stream().filter(net -> net.method().name().equals(name)).findFirst();
  }
}
