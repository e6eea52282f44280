package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class JsonObjectTest {
  private static final JsonObject OBJECT =
      JsonObject.parse(
          "recipe",
          "{\"s\":\"x\",\"n\":3,\"big\":5000000000,\"f\":0.5,\"huge\":1e300,\"b\":true,\"z\":null,"
              + "\"o\":{\"p\":{\"q\":\"r\"}},\"list\":[{\"k\":1},{\"k\":\"y\"}],\"mixed\":[1,\"2\"]}");

  @Test
  void valuesAreReadByTheirTypes() {
    assertEquals("x", OBJECT.string("s"));
    assertEquals(3, OBJECT.integer("n"));
    assertEquals(5_000_000_000L, OBJECT.wholeNumber("big"));
    assertEquals(0.5f, OBJECT.single("f"));
    assertEquals(3.0, OBJECT.real("n"));
    assertEquals(true, OBJECT.flag("b"));
    assertEquals("r", OBJECT.object("o").object("p").string("q"));
    assertEquals(1, OBJECT.objects("list").get(0).integer("k"));
  }

  @Test
  void wrongTypesAreNamedWithTheirPath() {
    expect(
        "wrong type in recipe: key=s, expected=whole number, actual=string", o -> o.integer("s"));
    expect("wrong type in recipe: key=z, expected=string, actual=null", o -> o.string("z"));
    expect(
        "wrong type in recipe: key=o.p.q, expected=number, actual=string",
        o -> o.object("o").object("p").real("q"));
    expect(
        "wrong type in recipe: key=list[1].k, expected=whole number, actual=string",
        o -> o.objects("list").get(1).integer("k"));
    expect(
        "wrong type in recipe: key=mixed[1], expected=whole number, actual=string",
        o -> o.wholeNumbers("mixed"));
    expect(
        "wrong type in recipe: key=mixed[0], expected=object, actual=whole number",
        o -> o.objects("mixed"));
    expect(
        "wrong type in recipe: key=n, expected=true or false, actual=whole number",
        o -> o.flag("n"));
    expect(
        "wrong type in recipe: key=f, expected=whole number, actual=fraction", o -> o.integer("f"));
    expect(
        "wrong type in recipe: key=f, expected=array, actual=fraction", o -> o.wholeNumbers("f"));
    expect(
        "wrong type in recipe: key=b, expected=object, actual=true or false", o -> o.object("b"));
  }

  @Test
  void numbersThatDoNotFitAreNamedWithTheirValue() {
    expect("number out of range in recipe: key=big, value=5000000000", o -> o.integer("big"));
    expect("number out of range in recipe: key=huge, value=1.0E300", o -> o.single("huge"));
  }

  @Test
  void missingAndUnknownKeysAreNamed() {
    JsonObject inner = OBJECT.object("o");
    FormatException missing = assertThrows(FormatException.class, () -> inner.string("x"));
    assertEquals("missing key in recipe: key=o.x, found=[p]", missing.getMessage());
    FormatException unknown =
        assertThrows(FormatException.class, () -> inner.requireOnly("q", "r"));
    assertEquals("unknown key in recipe: key=o.p, known=[q, r]", unknown.getMessage());
  }

  @Test
  void documentsThatAreNoObjectsAreRejected() {
    for (String text : List.of("[]", "1", "\"a\"", "null")) {
      assertThrows(FormatException.class, () -> JsonObject.parse("recipe", text));
    }
    FormatException e =
        assertThrows(FormatException.class, () -> JsonObject.parse("recipe", "{\"a\""));
    assertEquals(
        "recipe is not understood: reason=document ends too early: offset=4", e.getMessage());
  }

  @Test
  void controlCharactersOfHostileKeysDoNotReachTheMessage() {
    JsonObject hostile = JsonObject.parse("recipe", "{\"\\u001b[2J\":1}");
    FormatException e = assertThrows(FormatException.class, () -> hostile.requireOnly("a"));
    assertEquals("unknown key in recipe: key=\\u001b[2J, known=[a]", e.getMessage());
  }

  private static void expect(String message, Function<JsonObject, Object> access) {
    FormatException e = assertThrows(FormatException.class, () -> access.apply(OBJECT));
    assertEquals(message, e.getMessage());
  }
}
