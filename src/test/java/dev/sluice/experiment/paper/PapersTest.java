package dev.sluice.experiment.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.data.StrokeDigits;
import dev.sluice.experiment.Cancellation;
import dev.sluice.experiment.Execution;
import dev.sluice.experiment.ExperimentData;
import dev.sluice.experiment.ExperimentListener;
import dev.sluice.experiment.Recipe;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PapersTest {
  @Test
  void namesAreUnique() {
    for (Paper paper : Papers.all()) {
      List<String> names = paper.settings().stream().map(PaperSetting::name).toList();
      assertEquals(names.size(), new HashSet<>(names).size(), names.toString());
      for (PaperSetting setting : paper.settings()) {
        List<String> nets = setting.nets().stream().map(net -> net.method().name()).toList();
        assertEquals(nets.size(), new HashSet<>(nets).size(), nets.toString());
      }
    }
  }

  @Test
  void dynamicGateHasItsFiveNets() {
    Paper paper = Papers.of("dynamicgate");
    assertEquals(List.of(256), paper.setting("mnist").recipe().hidden());
    assertEquals(List.of(1024, 512), paper.setting("cifar10").recipe().hidden());
    assertEquals(List.of(256), paper.setting("tiny-imagenet").recipe().hidden());
    assertEquals(List.of(512, 256), paper.setting("speech-commands").recipe().hidden());
    assertEquals(List.of(1000, 500), paper.setting("pbmc3k").recipe().hidden());
  }

  @Test
  void unknownNamesListTheKnownOnes() {
    assertTrue(
        String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> Papers.of("x")).getMessage())
            .contains("dynamicgate"));
    assertTrue(
        String.valueOf(
                assertThrows(
                        IllegalArgumentException.class, () -> Papers.of("dynamicgate").setting("x"))
                    .getMessage())
            .contains("cifar10"));
  }

  /// Every setting runs, small and on other rows: options that the trainer refuses would show.
  @Test
  void everySettingHasAFigureForEveryNetAndMetric() {
    ExperimentData data =
        new ExperimentData(
            "digits", StrokeDigits.generate(60, 1), StrokeDigits.generateTest(20, 1));
    List<PaperSetting> settings =
        Papers.all().stream().flatMap(paper -> paper.settings().stream()).toList();
    for (PaperSetting setting : settings) {
      Recipe recipe = setting.recipe().withEpochs(2).withHidden(List.of(64));
      Execution execution = Execution.single(new Cancellation());
      List<Reproduction.Row> rows =
          new Reproduction(setting, recipe, data, execution, new ExperimentListener() {})
              .run(List.of(1L));
      Set<String> nets = rows.stream().map(Reproduction.Row::net).collect(Collectors.toSet());
      for (PaperNet net : setting.nets()) {
        assertTrue(nets.contains(net.method().name()), nets.toString());
      }

      rows.forEach(row -> assertTrue(Double.isFinite(row.ours().mean()), row.toString()));
      rows.stream()
          .filter(row -> row.metric() == Metric.ACCURACY && row.net().equals("MLP"))
          .filter(_ -> setting == settings.getFirst())
          .forEach(row -> assertEquals("98.35 %", row.published()));
    }
  }
}
