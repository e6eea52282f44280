package dev.sluice.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonTextTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static JsonNode parse(JsonText text) {
    return MAPPER.readTree(text.format());
  }

  @Test
  void aFigureThatDoesNotExistIsNull() {
    JsonNode json =
        parse(
            JsonText.object()
                .put("nan", Double.NaN)
                .put("infinite", Double.NEGATIVE_INFINITY)
                .put("list", new double[] {1.5, Double.NaN}));
    assertTrue(json.get("nan").isNull());
    assertTrue(json.get("infinite").isNull());
    assertEquals(1.5, json.get("list").get(0).doubleValue());
    assertTrue(json.get("list").get(1).isNull());
  }

  @Test
  void figuresComeBackWithIdenticalBits() {
    double value = 0.1 + 0.2;
    JsonNode json = parse(JsonText.object().put("x", value).put("n", Long.MIN_VALUE));
    assertEquals(value, json.get("x").doubleValue());
    assertEquals(Long.MIN_VALUE, json.get("n").longValue());
  }

  @Test
  void textWithQuotesAndControlCharactersSurvives() {
    String nasty = "a\"b\\c\n\u0001µ";
    assertEquals(nasty, parse(JsonText.object().put("s", nasty)).get("s").stringValue());
  }

  @Test
  void objectsNestAndKeepTheirOrder() {
    Map<String, String> members = new LinkedHashMap<>();
    members.put("z", "1");
    members.put("a", "2");
    JsonNode json =
        parse(
            JsonText.object()
                .put("map", members)
                .put("inner", JsonText.object().put("yes", true))
                .putJson("tree", "{\"inputs\":784}")
                .putAll("shape", List.of(2L, 3L))
                .putAll("names", List.of("a", "b")));
    assertEquals(List.of("z", "a"), List.copyOf(json.get("map").propertyNames()));
    assertTrue(json.get("inner").get("yes").booleanValue());
    assertEquals(784, json.get("tree").get("inputs").intValue());
    assertTrue(json.get("shape").get(0).isNumber());
    assertFalse(json.get("names").get(0).isNumber());
  }

  @Test
  void aListOfValuesIsAnArrayOfObjects() {
    JsonNode json =
        MAPPER.readTree(
            JsonText.array(List.of(1, 2), (value, object) -> object.put("value", value)));
    assertTrue(json.isArray());
    assertEquals(2, json.get(1).get("value").intValue());
  }
}
