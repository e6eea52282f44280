package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void valuesBecomeTheirJavaCounterparts() {
    Object tree =
        Json.parse(
            " {\"a\" : [1, -0, 2.0, -1.5e-3, 1E2], \"b\":{}, \"c\":[],\n"
                + "\t\"d\":null, \"e\":true} ");
    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("a", List.of(1L, 0L, 2.0, -0.0015, 100.0));
    expected.put("b", Map.of());
    expected.put("c", List.of());
    expected.put("d", Json.Null.NULL);
    expected.put("e", true);
    assertEquals(expected, tree);
  }

  @Test
  void escapesAndUtf8BecomeTheSameText() {
    String escaped = "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u00E9\\uD83D\\ude00\"";
    assertEquals("\"\\/\b\f\n\r\té\u00e9\uD83D\uDE00", Json.parse(escaped));
    assertEquals("é€\uD83D\uDE00", Json.parse("\"é€\uD83D\uDE00\""));
  }

  @Test
  void longsKeepAll64Bits() {
    assertEquals(Long.MAX_VALUE, Json.parse("9223372036854775807"));
    assertEquals(Long.MIN_VALUE, Json.parse("-9223372036854775808"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{\"a\":1 \"b\":2}",
        "{1:2}",
        "'a'",
        "\"",
        "\"a",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\t\"",
        "\"\n\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\ud800\"",
        "\"\\ud800x\"",
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "1.e3",
        "1e",
        "1e+",
        "0x10",
        "1_000",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "9223372036854775808",
        "tru",
        "True",
        "nul",
        "nulll",
        "true false",
        "// a\n1",
        "1 /* a */",
        "\uFEFF1",
        "[1]]",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":2}",
        "\u0000",
        "1\u0000"
      })
  void whatIsNotJsonIsRejectedWithAnOffset(String text) {
    FormatException e = assertThrows(FormatException.class, () -> Json.parse(text));
    assertTrue(e.getMessage().contains("offset="), e.getMessage());
  }

  @Test
  void offsetsCountBytesOfTheFile() {
    byte[] text = "{\"é\": [1, x]}".getBytes(StandardCharsets.UTF_8);
    FormatException e = assertThrows(FormatException.class, () -> Json.parse(text, 1000));
    assertEquals("expected a value: offset=1011", e.getMessage());
  }

  @Test
  void duplicateKeysAreNamedWithTheOffsetOfTheSecond() {
    FormatException e =
        assertThrows(FormatException.class, () -> Json.parse("{\"ab\":1,\"ab\":2}"));
    assertEquals("duplicate key: key=ab, offset=8", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"c0af", "e08080", "eda080", "f4908080", "80", "c3", "ff", "f09f98"})
  void malformedUtf8IsRejected(String hex) {
    byte[] malformed = HexFormat.of().parseHex("22" + hex + "22");
    FormatException e = assertThrows(FormatException.class, () -> Json.parse(malformed, 0));
    assertEquals("text is not valid UTF-8: offset=1", e.getMessage());
  }

  @Test
  void unpairedSurrogatesInJavaTextAreRejected() {
    assertThrows(FormatException.class, () -> Json.parse("\"\uD800\""));
    assertThrows(IllegalArgumentException.class, () -> Json.write("\uD800"));
    assertThrows(IllegalArgumentException.class, () -> Json.write("\uDC00\uD800"));
  }

  @Test
  void nestingIsLimitedBeforeTheStackIs() {
    int limit = Json.MAXIMUM_DEPTH;
    Json.parse("[".repeat(limit) + "]".repeat(limit));
    for (String open : List.of("[", "{\"a\":")) {
      FormatException e =
          assertThrows(FormatException.class, () -> Json.parse(open.repeat(1_000_000)));
      assertTrue(e.getMessage().startsWith("document is nested too deeply"), e.getMessage());
    }
  }

  @Test
  void valuesAreLimitedInNumber() {
    String most = "[" + "1,".repeat(Json.MAXIMUM_VALUES - 2) + "1]";
    assertEquals(Json.MAXIMUM_VALUES - 1, ((List<?>) Json.parse(most)).size());
    FormatException e =
        assertThrows(FormatException.class, () -> Json.parse("[1," + most.substring(1)));
    assertTrue(e.getMessage().startsWith("document holds too many values"), e.getMessage());
  }

  @Test
  void veryLongNumbersAreRejectedWithoutBeingComputed() {
    String digits = "1." + "0".repeat(1_000_000);
    FormatException e = assertThrows(FormatException.class, () -> Json.parse(digits));
    assertEquals("number is too long: length=1000002, limit=128, offset=0", e.getMessage());
  }

  @Test
  void writtenTextIsCompactAndInOrder() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("z", List.of(1, 2L, 0.5f, 0.25, false, Json.Null.NULL));
    tree.put("a\"\\\n\u0001é", Map.of());
    assertEquals("{\"z\":[1,2,0.5,0.25,false,null],\"a\\\"\\\\\\n\\u0001é\":{}}", Json.write(tree));
  }

  @Test
  void whatJsonCannotSayIsNotWritten() {
    for (Object value :
        List.of(
            Float.NaN,
            Float.NEGATIVE_INFINITY,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            'c',
            Map.of(1, 2))) {
      assertThrows(IllegalArgumentException.class, () -> Json.write(value));
    }
  }

  @Test
  void floatsComeBackWithIdenticalBits() {
    long seed = 20260101;
    Random random = new Random(seed);
    for (int run = 0; run < 100_000; run++) {
      float number = Float.intBitsToFloat(run < 1000 ? run : random.nextInt());
      if (Float.isFinite(number)) {
        Object read = Json.parse(Json.write(number));
        float back = (float) (double) read;
        assertEquals(
            Float.floatToRawIntBits(number),
            Float.floatToRawIntBits(back),
            () -> "seed=" + seed + ", number=" + number);
      }
    }
  }

  @Test
  void randomTreesComeBackEqual() {
    for (long seed = 0; seed < 500; seed++) {
      Object tree = randomTree(new Random(seed), 0);
      assertEquals(tree, Json.parse(Json.write(tree)), "seed=" + seed);
    }
  }

  private static Object randomTree(Random random, int depth) {
    return switch (random.nextInt(depth < 4 ? 8 : 6)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextGaussian();
      case 2 -> random.nextBoolean();
      case 3 -> Json.Null.NULL;
      case 4, 5 -> randomText(random);
      case 6 -> {
        List<Object> list = new ArrayList<>();
        for (int count = random.nextInt(5); count > 0; count--) {
          list.add(randomTree(random, depth + 1));
        }
        yield list;
      }
      default -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int count = random.nextInt(5); count > 0; count--) {
          map.put(randomText(random), randomTree(random, depth + 1));
        }
        yield map;
      }
    };
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int count = random.nextInt(6); count > 0; count--) {
      int codePoint = random.nextInt(random.nextBoolean() ? 0x80 : Character.MAX_CODE_POINT + 1);
      if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
        text.appendCodePoint(codePoint);
      }
    }
    return text.toString();
  }
}
