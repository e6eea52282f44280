package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.format.FormatException;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DialTest {
  private static final Dial DIAL =
      new Dial(
          List.of(
              new Dial.Setting(0.1, 0.95, List.of(0.6f), -0.5f),
              new Dial.Setting(0.5, 0.97, List.of(0.99f), 0f),
              new Dial.Setting(1, 0.98, List.of(0.1f + 0.2f), 0.25f)));

  private static Model withDial(String json) {
    ModelSpec spec;
    try (Model model = StagesTest.exiting()) {
      spec = model.spec();
    }
    Arena arena = Arena.ofShared();
    return new Model(spec, Weights.allocate(arena, spec), Map.of(Dial.METADATA_KEY, json), arena);
  }

  @Test
  void aDialComesBackFromItsText() {
    try (Model model = withDial(DIAL.toJson());
        Model without = StagesTest.exiting()) {
      assertEquals(Optional.of(DIAL), Dial.of(model));
      assertEquals(Optional.empty(), Dial.of(without));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"settings\":[]}",
        "{\"settings\":[1]}",
        "{\"settings\":[{}]}",
        "{\"settings\":[{\"relativeMacs\":0,\"accuracy\":1,\"exitThresholds\":[1],\"gateShift\":0}]}",
        "{\"settings\":[{\"relativeMacs\":1e999,\"accuracy\":1,\"exitThresholds\":[1],\"gateShift\":0}]}",
        "{\"settings\":[{\"relativeMacs\":1,\"accuracy\":1,\"exitThresholds\":[],\"gateShift\":0}]}",
        "{\"settings\":[{\"relativeMacs\":1,\"accuracy\":1,\"exitThresholds\":[1,1],\"gateShift\":0}]}",
        "{\"settings\":[{\"relativeMacs\":1,\"accuracy\":1,\"exitThresholds\":[1e39],\"gateShift\":0}]}",
        "{\"settings\":[{\"relativeMacs\":1,\"accuracy\":1,\"exitThresholds\":[\"1\"],\"gateShift\":0}]}",
        "{\"settings\":[{\"relativeMacs\":1,\"accuracy\":1,\"exitThresholds\":[1],\"gateShift\":0,\"x\":0}]}",
        "{\"settings\":[{\"relativeMacs\":1,\"accuracy\":1,\"exitThresholds\":[1],\"gateShift\":0},"
            + "{\"relativeMacs\":0.5,\"accuracy\":1,\"exitThresholds\":[1],\"gateShift\":0}]}",
      })
  void textsThatAreNoDialAreRefused(String json) {
    try (Model model = withDial(json)) {
      String message = assertThrows(FormatException.class, () -> Dial.of(model)).getMessage();
      assertTrue(message.contains("dial"), message);
    }
  }

  private static Limits limits(Budget budget, Model model, double nanosPerMac) {
    return BudgetLimits.of(budget, model, new int[2], setting -> nanosPerMac);
  }

  @Test
  void aMeanIsTheDearestSettingWithinIt() {
    try (Model model = withDial(DIAL.toJson())) {
      assertEquals(0.6f, limits(Budget.meanRelativeMacs(0.1), model, 0).thresholds()[0]);
      assertEquals(-0.5f, limits(Budget.meanRelativeMacs(0.49), model, 0).gateShift());
      assertEquals(0.99f, limits(Budget.meanRelativeMacs(0.5), model, 0).thresholds()[0]);
      assertEquals(0.25f, limits(Budget.meanRelativeMacs(7), model, 0).gateShift());
      assertEquals(
          "budget is below the dial's cheapest setting: relativeMacs=0.05, cheapest=0.1",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> limits(Budget.meanRelativeMacs(0.05), model, 0))
              .getMessage());
    }
  }

  /// Dense MACs are 4, so at 100 ns a MAC the settings take 40, 200 and 400 ns.
  @Test
  void aTimeIsTheDearestSettingThatIsQuickEnough() {
    try (Model model = withDial(DIAL.toJson())) {
      assertEquals(0.6f, limits(Budget.within(Duration.ofNanos(199)), model, 100).thresholds()[0]);
      assertEquals(0.99f, limits(Budget.within(Duration.ofNanos(200)), model, 100).thresholds()[0]);
      assertEquals(0.25f, limits(Budget.within(Duration.ofNanos(400)), model, 100).gateShift());
      assertEquals(
          "budget is below what the dial's quickest setting takes: nanosPerRow=39, quickest=40",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> limits(Budget.within(Duration.ofNanos(39)), model, 100))
              .getMessage());
    }
  }

  @Test
  void budgetsThatNeedADialSaySo() {
    try (Model model = StagesTest.exiting();
        Predictor predictor = Predictor.of(model);
        BatchPredictor batch = BatchPredictor.of(model, 2)) {
      String expected =
          "budget needs a dial, which the model does not have: layers=1-2+2-2,"
              + " metadata=sluice.dial";
      Budget budget = Budget.meanRelativeMacs(0.5);
      assertEquals(
          expected,
          assertThrows(IllegalArgumentException.class, () -> predictor.budget(budget))
              .getMessage());
      assertEquals(
          expected,
          assertThrows(IllegalArgumentException.class, () -> batch.budget(budget)).getMessage());
    }
  }

  @Test
  void aSettingMovesExits() {
    try (Model model = StagesTest.exiting();
        Predictor predictor = Predictor.of(model)) {
      float[] in = {5, 2};
      predictor.budget(Budget.setting(new Dial.Setting(1, 1, List.of(0.99f), 0)));
      predictor.predict(in, new float[2]);
      assertEquals(1, predictor.stage());
      predictor.budget(Budget.none());
      predictor.predict(in, new float[2]);
      assertEquals(0, predictor.stage());
    }
  }

  @Test
  void budgetsAreParsed() {
    assertEquals(Budget.none(), Budget.parse("none"));
    assertEquals(Budget.meanRelativeMacs(0.1), Budget.parse("0.1"));
    assertEquals(Budget.mostMacs(60000), Budget.parse("60000macs"));
    assertEquals(Budget.within(Duration.ofNanos(1500)), Budget.parse("1.5us"));
    assertEquals(Budget.within(Duration.ofSeconds(2)), Budget.parse("2s"));
    for (String text :
        List.of("", "x", "-1", "0", "NaN", "macs", "1.5macs", "5m", "us", "0ns", "1e99s")) {
      assertThrows(IllegalArgumentException.class, () -> Budget.parse(text), text);
    }
  }
}
