package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PreparationTest {
  private static final Preparation SOUND =
      new Preparation("log-mel", Map.of("hop", "320", "bands", "40"), List.of(), List.of("a", "b"));

  @Test
  void jsonGivesAnEqualPreparation() {
    assertEquals(SOUND, Preparation.fromJson(SOUND.toJson()));
    Preparation cells = new Preparation("cells", Map.of(), List.of("ENSG1", "\"é\n"), List.of("x"));
    assertEquals(cells, Preparation.fromJson(cells.toJson()));
    assertEquals(
        "{\"format\":\"sluice.preparation\",\"version\":1,\"kind\":\"log-mel\","
            + "\"settings\":{\"bands\":\"40\",\"hop\":\"320\"},\"features\":[],"
            + "\"classes\":[\"a\",\"b\"]}",
        SOUND.toJson());
  }

  @Test
  void theFirstDifferenceIsNamed() {
    assertEquals(Optional.empty(), SOUND.difference(Preparation.fromJson(SOUND.toJson())));
    assertDifference("setting=kind, model=log-mel, data=cells", other("cells", "320", "a", "b"));
    assertDifference("setting=hop, model=320, data=160", other("log-mel", "160", "a", "b"));
    assertDifference("setting=class 1, model=b, data=c", other("log-mel", "320", "a", "c"));
    assertDifference("setting=class names, model=2, data=1", other("log-mel", "320", "a"));
    Preparation more =
        new Preparation(
            "log-mel",
            Map.of("hop", "320", "bands", "40", "rate", "8000"),
            List.of(),
            List.of("a", "b"));
    assertDifference("setting=rate, model=none, data=8000", more);
    Preparation features =
        new Preparation("log-mel", SOUND.settings(), List.of("x"), SOUND.classNames());
    assertDifference("setting=feature names, model=0, data=1", features);
  }

  private static Preparation other(String kind, String hop, String... classes) {
    return new Preparation(kind, Map.of("hop", hop, "bands", "40"), List.of(), List.of(classes));
  }

  private static void assertDifference(String expected, Preparation rows) {
    assertEquals(Optional.of(expected), SOUND.difference(rows));
  }

  @Test
  void hostileJsonIsRefused() {
    String good = SOUND.toJson();
    for (String bad :
        List.of(
            "",
            "[]",
            "{}",
            good + "{}",
            good.replace("\"version\":1", "\"version\":2"),
            good.replace("sluice.preparation", "other"),
            good.replace("\"kind\":\"log-mel\"", "\"kind\":7"),
            good.replace("\"bands\":\"40\"", "\"bands\":40"),
            good.replace("\"settings\":{", "\"settings\":7,\"x\":{"),
            good.replace("\"features\":[]", "\"features\":{}"),
            good.replace("[\"a\",\"b\"]", "[1]"),
            good.replace("\"hop\"", "\"bands\""))) {
      Complaint.of(() -> Preparation.fromJson(bad), "preparation ");
    }
  }
}
