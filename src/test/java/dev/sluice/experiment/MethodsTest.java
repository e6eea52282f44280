package dev.sluice.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.data.StrokeDigits;
import dev.sluice.kernel.Activation;
import dev.sluice.model.Model;
import dev.sluice.train.TrainingOptions;
import dev.sluice.train.UnreachableBudgetException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MethodsTest {
  @TempDir private Path folder;

  @Test
  void namesAreUniqueAndOfLowerCaseWords() {
    assertEquals(Methods.names().size(), new HashSet<>(Methods.names()).size());
    Methods.names().forEach(name -> assertTrue(name.matches("[a-z0-9]+(-[a-z0-9]+)*"), name));
  }

  @Test
  void aListOfNamesIsParsedInItsOrderAndEachOnce() {
    assertEquals(Methods.all(), Methods.parse("all"));
    assertEquals(
        List.of("linear", "static"),
        Methods.parse("linear, static,linear").stream().map(Method::name).toList());
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Methods.parse("linear,nosuch"));
    assertTrue(String.valueOf(e.getMessage()).contains("name=nosuch"));
  }

  @Test
  void recipesAreFoundByTheNameOfTheData() {
    assertEquals(List.of(1024, 512), Recipes.of("cifar10").hidden());
    assertEquals(Recipes.of("stroke-digits"), Recipes.of("stroke-digits?rows=5&test=5"));
    assertEquals(Recipes.of("csv:a.csv"), Recipes.of("idx:somewhere"));
  }

  @Test
  void aTeacherIsParsedAndPrinted() {
    TeacherRecipe teacher = TeacherRecipe.parse("1024-512:3");
    assertEquals(new TeacherRecipe(List.of(1024, 512), 3), teacher);
    assertEquals(teacher, TeacherRecipe.parse(teacher.toString()));
    assertEquals(1, TeacherRecipe.parse("64").models());
    TeacherRecipe selecting = TeacherRecipe.parse("64:2:0.1:selected");
    assertEquals(new TeacherRecipe(List.of(64), 2, 0.1, true), selecting);
    assertEquals(selecting, TeacherRecipe.parse(selecting.toString()));
    assertThrows(IllegalArgumentException.class, () -> TeacherRecipe.parse("64:2:0.1:all"));
    assertThrows(IllegalArgumentException.class, () -> TeacherRecipe.parse("64:x"));
    assertThrows(IllegalArgumentException.class, () -> TeacherRecipe.parse("64:0"));
  }

  @Test
  void settingsNameEverythingButTheSeed() {
    Recipe recipe = Recipes.of("mnist");
    assertEquals("512-512", recipe.settings().get("hidden"));
    assertEquals("1024-1024:1:0.3", recipe.settings().get("teacher"));
    assertEquals("30", recipe.settings().get("epochs"));
    assertTrue(!recipe.settings().containsKey("seed"));
    assertEquals("none", recipe.withTeacher(Optional.empty()).settings().get("teacher"));
  }

  /// Every method makes a network of about the budget on layers of different widths, and what its rule opens is what the blueprint promised.
  @Test
  void everyMethodKeepsToTheBudget() {
    ExperimentData data =
        new ExperimentData(
            "digits", StrokeDigits.generate(200, 1), StrokeDigits.generateTest(100, 1));
    Recipe recipe =
        new Recipe(
            List.of(192, 96),
            Activation.RELU,
            16,
            TrainingOptions.builder().epochs(4).build(),
            Optional.empty());
    Execution execution = Execution.single(new Cancellation());
    SeedNets nets = new SeedNets(recipe, data, 1, new ModelStore(folder));
    Setting setting = nets.setting(0.4, execution);
    assertThrows(
        UnreachableBudgetException.class,
        () -> Methods.of("pruned").train(nets.setting(0.005, execution)));
    for (Method method : Methods.all()) {
      try (Model model = method.train(setting).model()) {
        double macs = Score.of(model, data.test()).macs() / setting.reference().denseMacs();
        assertTrue(macs > 0.2 && macs < 0.5, method.name() + ": " + macs);
        if (method instanceof FixedCountMethod) {
          assertTrue(macs <= 0.4, method.name() + ": " + macs);
        }
        if (method instanceof SparseMethod) {
          // but for the rounding of each layer's tiles
          assertEquals(0.4, macs, 0.02, method.name());
        }
      }
    }
  }
}
