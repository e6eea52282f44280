package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateRule;
import dev.sluice.gate.GateRules;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.kernel.Activation;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSpecJsonTest {
  private static final String TEXT =
      "{\"inputs\":784,\"output\":\"softmax\",\"layers\":["
          + "{\"kind\":\"gated\",\"units\":512,\"block\":32,\"activation\":\"relu\","
          + "\"lightRank\":8,\"gate\":{\"form\":\"low-rank:16\",\"granularity\":\"unit\",\"blocksPerGate\":1,"
          + "\"rule\":\"threshold:temperature=0.1,threshold=0.97,minimum=2\",\"scalesOutput\":true}},"
          + "{\"kind\":\"dense\",\"units\":10,\"block\":16,\"activation\":\"identity\"}]}";

  private static final ModelSpec SPEC =
      ModelSpec.of(
          784,
          List.of(
              new LayerSpec.Gated(
                  512,
                  32,
                  Activation.RELU,
                  new GateSpec(
                      GateForms.parse("low-rank:16"),
                      Granularity.UNIT,
                      1,
                      new ThresholdRule(0.1f, 0.97f, 2),
                      true),
                  8),
              new LayerSpec.Dense(10, 16, Activation.IDENTITY)),
          OutputForm.SOFTMAX);

  @Test
  void aBlueprintHasExactlyThisText() {
    assertEquals(TEXT, ModelSpecJson.format(SPEC));
    assertEquals(SPEC, ModelSpecJson.parse(TEXT));
  }

  @Test
  void randomBlueprintsComeBackEqual() {
    for (long seed = 0; seed < 500; seed++) {
      ModelSpec spec = ModelFixtures.randomSpec(new Random(seed));
      assertEquals(spec, ModelSpecJson.parse(ModelSpecJson.format(spec)), "seed=" + seed);
    }
  }

  @Test
  void everyGateFormComesBackEqual() {
    for (String name : GateForms.names()) {
      GateSpec gate = GateSpec.of(GateForms.parse(name), Granularity.BLOCK);
      int lightRank = gate.form().readsLight() ? 4 : 0;
      ModelSpec spec =
          ModelSpec.gated(
              List.of(5, 70, 3), 32, Activation.GELU, OutputForm.SIGMOID, gate, lightRank);
      assertEquals(spec, ModelSpecJson.parse(ModelSpecJson.format(spec)), name);
    }
  }

  @Test
  void everyGateRuleComesBackEqual() {
    for (String name : GateRules.names()) {
      GateRule rule = GateRules.parse(name);
      GateSpec gate = new GateSpec(GateForms.parse("linear"), Granularity.BLOCK, 2, rule, true);
      ModelSpec spec =
          ModelSpec.gated(List.of(5, 70, 3), 8, Activation.GELU, OutputForm.SIGMOID, gate, 3);
      assertEquals(spec, ModelSpecJson.parse(ModelSpecJson.format(spec)), name);
    }
  }

  @Test
  void stagesComeBackEqual() {
    String text =
        "{\"inputs\":9,\"output\":\"softmax\",\"stages\":["
            + "{\"features\":\"0-3,7\",\"shares\":false,\"exit\":{\"measure\":\"margin\",\"threshold\":0.3},"
            + "\"layers\":[{\"kind\":\"dense\",\"units\":3,\"block\":8,\"activation\":\"identity\"}]},"
            + "{\"features\":\"all\",\"shares\":true,"
            + "\"layers\":[{\"kind\":\"dense\",\"units\":3,\"block\":8,\"activation\":\"identity\"}]}]}";
    ModelSpec spec = ModelSpecJson.parse(text);
    assertEquals(text, ModelSpecJson.format(spec));
    assertEquals("5-3+9-3", spec.architecture());
    String halting = text.replace("\"measure\":\"margin\",\"threshold\":0.3", "\"epsilon\":0.01");
    assertThrows(FormatException.class, () -> ModelSpecJson.parse(halting));
    String both =
        halting.replace("\"shares\":true,", "\"shares\":true,\"exit\":{\"epsilon\":0.01},");
    assertEquals(both, ModelSpecJson.format(ModelSpecJson.parse(both)));
  }

  /// Each row replaces a piece of the valid text by a wrong one.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"inputs\"|\"input\"|unknown key in blueprint: key=input, known=[inputs, output, layers]",
        "\"inputs\":784|\"inputs\":0|invalid values in blueprint: reason=model has no inputs or"
            + " stages",
        "\"inputs\":784|\"inputs\":78.4|wrong type in blueprint: key=inputs, expected=whole number,"
            + " actual=fraction",
        "\"inputs\":784,||missing key in blueprint: key=inputs",
        "softmax|softmaxx|invalid value in blueprint: key=output, reason=unknown output form:"
            + " name=softmaxx",
        "\"dense\"|\"dens\"|unknown layer kind in blueprint: key=layers[1].kind, kind=dens,"
            + " known=dense, gated",
        "\"units\":512|\"units\":-1|invalid values in blueprint: key=layers[0], reason=layer has no"
            + " units: units=-1",
        "\"units\":512|\"units\":99999999999|number out of range in blueprint: key=layers[0].units,"
            + " value=99999999999",
        "\"block\":16|\"block\":12|invalid values in blueprint: key=layers[1], reason=block size is"
            + " not one of",
        "low-rank:16|low-rank:x|invalid value in blueprint: key=layers[0].gate.form, reason=gate"
            + " parameter is not a whole",
        "low-rank:16|low-rank:0|invalid value in blueprint: key=layers[0].gate.form, reason=gate"
            + " parameter is not positive",
        "low-rank:16|magic|invalid value in blueprint: key=layers[0].gate.form, reason=unknown gate"
            + " form: name=magic",
        "\"unit\"|\"row\"|invalid value in blueprint: key=layers[0].gate.granularity,"
            + " reason=unknown gate granularity",
        "0.97|1|invalid value in blueprint: key=layers[0].gate.rule, reason=gate threshold is not"
            + " between",
        "0.1,|0,|invalid value in blueprint: key=layers[0].gate.rule, reason=gate temperature is"
            + " not positive",
        "0.1,|1e99,|invalid value in blueprint: key=layers[0].gate.rule, reason=gate temperature is"
            + " not positive",
        "minimum=2|minimum=513|invalid values in blueprint: key=layers[0], reason=minimum of open",
        "minimum=2|minimum=2.5|invalid value in blueprint: key=layers[0].gate.rule,"
            + " reason=parameter of a gate rule is not a whole number",
        "minimum=2|minimum=2,x=1|invalid value in blueprint: key=layers[0].gate.rule,"
            + " reason=unknown parameters of a gate rule",
        "threshold:t|magic:t|invalid value in blueprint: key=layers[0].gate.rule, reason=unknown"
            + " gate rule: name=magic",
        "\"blocksPerGate\":1|\"blocksPerGate\":2|invalid values in blueprint: key=layers[0].gate,"
            + " reason=blocks per gate",
        "\"lightRank\":8|\"lightRank\":-8|invalid values in blueprint: key=layers[0], reason=light"
            + " rank is negative",
        "true}|true,\"x\":1}|unknown key in blueprint: key=layers[0].gate.x, known=[form",
        "\"identity\"}|\"identity\",\"gate\":{}}|unknown key in blueprint: key=layers[1].gate,"
            + " known=[kind",
        "\"identity\"}|\"identity\"|blueprint is not understood: reason=expected '}'",
      })
  void whatIsWrongInABlueprintIsNamedWithItsPath(String from, String to, String message) {
    String wrong = TEXT.replace(from, to == null ? "" : to);
    assertTrue(!wrong.equals(TEXT), "nothing replaced: " + from);
    FormatException e = assertThrows(FormatException.class, () -> ModelSpecJson.parse(wrong));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  @Test
  void aBlueprintWithoutLayersIsRejected() {
    String text = "{\"inputs\":1,\"output\":\"identity\",\"layers\":[]}";
    assertThrows(FormatException.class, () -> ModelSpecJson.parse(text));
  }
}
