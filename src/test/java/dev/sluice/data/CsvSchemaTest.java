package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CsvSchemaTest {
  private static final CsvColumn LABEL = new CsvColumn.ClassLabel("y", List.of("no", "yes"));

  private static CsvSchema every() {
    return new CsvSchema(
        List.of(
            new CsvColumn.Numeric("x", 0.1, 1 / 3.0),
            new CsvColumn.Category("c", List.of("", "a \"quoted\" ü", "b")),
            new CsvColumn.Ignored("id"),
            LABEL),
        Set.of("", "?"));
  }

  @Test
  void jsonGivesAnEqualSchemaBack() {
    CsvSchema schema = every();
    String json = schema.toJson();
    assertFalse(json.contains("\n"));
    assertEquals(schema, CsvSchema.fromJson(json));
    CsvSchema regression =
        new CsvSchema(
            List.of(
                new CsvColumn.Numeric("x", -1e300, Double.MIN_VALUE),
                new CsvColumn.Target("u"),
                new CsvColumn.Target("v")),
            Set.of());
    assertEquals(regression, CsvSchema.fromJson(regression.toJson()));
  }

  /// Golden: model files carry this text.
  @Test
  void theJsonFormIsFixed() {
    CsvSchema schema =
        new CsvSchema(List.of(new CsvColumn.Numeric("x", 0.5, 2), LABEL), Set.of("?", ""));
    assertEquals(
        "{\"format\":\"sluice.csv-schema\",\"version\":1,\"missing\":[\"\",\"?\"],\"columns\":["
            + "{\"name\":\"x\",\"kind\":\"numeric\",\"mean\":0.5,\"standardDeviation\":2.0},"
            + "{\"name\":\"y\",\"kind\":\"label\",\"values\":[\"no\",\"yes\"]}]}",
        schema.toJson());
  }

  @Test
  void countsFollowFromTheColumns() {
    CsvSchema schema = every();
    assertEquals(4, schema.features());
    assertEquals(2, schema.classes());
    assertEquals(0, schema.targets());
    assertEquals(List.of("x", "c=", "c=a \"quoted\" ü", "c=b"), schema.featureNames());
  }

  @Test
  void aSchemaWithoutLabelOrWithTwoKindsOfItIsRejected() {
    CsvColumn feature = new CsvColumn.Numeric("x", 0, 1);
    for (List<CsvColumn> columns :
        List.of(
            List.of(feature),
            List.of(feature, LABEL, new CsvColumn.Target("t")),
            List.of(feature, LABEL, new CsvColumn.ClassLabel("z", List.of("0"))),
            List.of(LABEL),
            List.of(feature, new CsvColumn.Numeric("x", 0, 1), LABEL))) {
      assertThrows(DatasetException.class, () -> new CsvSchema(columns, Set.of()));
    }
  }

  @Test
  void columnsThatCannotEncodeAreRejected() {
    assertThrows(DatasetException.class, () -> new CsvColumn.Numeric("x", 0, 0));
    assertThrows(DatasetException.class, () -> new CsvColumn.Numeric("x", Double.NaN, 1));
    assertThrows(DatasetException.class, () -> new CsvColumn.Category("c", List.of("a", "a")));
    assertThrows(DatasetException.class, () -> new CsvColumn.ClassLabel("y", List.of()));
  }

  @Test
  void everyTruncationOfTheJsonIsADatasetException() {
    String json = every().toJson();
    for (int length = 0; length < json.length(); length++) {
      String cut = json.substring(0, length);
      assertThrows(DatasetException.class, () -> CsvSchema.fromJson(cut), cut);
    }
    assertThrows(DatasetException.class, () -> CsvSchema.fromJson(json + "{}"));
  }

  @Test
  void foreignJsonIsNamed() {
    String json = every().toJson();
    assertMessage(json.replace("\"version\":1", "\"version\":2"), "csv schema version unknown");
    assertMessage(json.replace("sluice.csv", "other.csv"), "csv schema version unknown");
    assertMessage(
        json.replace("\"mean\"", "\"average\""),
        "csv schema column has an unknown key: key=average");
    assertMessage(json.replace("\"ignored\"", "\"hidden\""), "csv schema column kind unknown");
    assertMessage(json.replace("[\"no\",\"yes\"]", "[\"no\",1]"), "csv schema value has the wrong");
    assertMessage(json.replace("0.1", "\"0.1\""), "csv schema value has the wrong type: key=mean");
    assertMessage(json.replace("0.1", "1e999"), "numeric column cannot be standardised");
    assertMessage(json.replace("\"version\"", "\"format\""), "csv schema is not json");
    assertMessage("[]", "csv schema is not an object");
    assertMessage("null", "csv schema is not an object");
  }

  private static void assertMessage(String json, String start) {
    String message =
        assertThrows(DatasetException.class, () -> CsvSchema.fromJson(json), json).getMessage();
    assertTrue(message.startsWith(start), message);
  }
}
