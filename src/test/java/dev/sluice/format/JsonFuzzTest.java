package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Mutated documents: a tree or a FormatException, never anything else.
class JsonFuzzTest {
  private static final int RUNS = 60_000;

  private static final List<String> CORPUS =
      List.of(
          "{\"__metadata__\":{\"sluice.format\":\"1\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}",
          "{\"inputs\":784,\"output\":\"softmax\",\"layers\":[{\"kind\":\"gated\",\"units\":512,\"block\":32,"
              + "\"activation\":\"relu\",\"lightRank\":0,\"gate\":{\"form\":\"linear\",\"granularity\":\"block\","
              + "\"blocksPerGate\":1,\"rule\":\"threshold\",\"scalesOutput\":false}},"
              + "{\"kind\":\"dense\",\"units\":10,\"block\":16,\"activation\":\"identity\"}]}",
          "[1,-2.5e-10,true,false,null,\"\\u00e9\\ud83d\\ude00\\n\",[[[]]],{\"\":{}}]",
          "\"é€\uD83D\uDE00\"");

  /// Bytes that mean something to a JSON parser, so that mutations get past its first check.
  private static final byte[] TELLING =
      "{}[]\":,\\u-+.eE019tfn \t\n\u0000".getBytes(StandardCharsets.UTF_8);

  @Test
  void mutatedDocumentsGiveATreeOrAFormatException() {
    int rejected = 0;
    for (long seed = 0; seed < RUNS; seed++) {
      rejected += isRejected(seed, mutated(new Random(seed))) ? 1 : 0;
    }
    // both outcomes must have been seen, or the mutations test nothing
    assertTrue(rejected > RUNS / 10 && rejected < RUNS, "rejected=" + rejected);
  }

  @Test
  void mutatedBlueprintsGiveASpecOrAFormatException() {
    int rejected = 0;
    for (long seed = 0; seed < RUNS; seed++) {
      Random random = new Random(seed);
      byte[] text = mutate(CORPUS.get(1).getBytes(StandardCharsets.UTF_8), random);
      try {
        ModelSpecJson.parse(new String(text, StandardCharsets.UTF_8));
      } catch (FormatException e) {
        rejected++;
      } catch (RuntimeException | Error e) {
        fail("seed=" + seed + ", text=" + new String(text, StandardCharsets.UTF_8), e);
      }
    }
    assertTrue(rejected > RUNS / 10 && rejected < RUNS, "rejected=" + rejected);
  }

  private static boolean isRejected(long seed, byte[] text) {
    try {
      Json.parse(text, 0);
      return false;
    } catch (FormatException e) {
      assertTrue(e.getMessage().contains("offset="), e.getMessage());
      return true;
    } catch (RuntimeException | Error e) {
      return fail("seed=" + seed + ", text=" + Arrays.toString(text), e);
    }
  }

  private static byte[] mutated(Random random) {
    String text = CORPUS.get(random.nextInt(CORPUS.size()));
    return mutate(text.getBytes(StandardCharsets.UTF_8), random);
  }

  private static byte[] mutate(byte[] original, Random random) {
    byte[] text = original;
    for (int count = 1 + random.nextInt(4); count > 0 && text.length > 0; count--) {
      int at = random.nextInt(text.length);
      int to = at + random.nextInt(text.length - at);
      text =
          switch (random.nextInt(5)) {
            case 0 -> replaced(text, at, (byte) random.nextInt());
            case 1 -> replaced(text, at, TELLING[random.nextInt(TELLING.length)]);
            case 2 -> Arrays.copyOf(text, at);
            case 3 -> spliced(text, at, at, Arrays.copyOfRange(text, at, to));
            default -> spliced(text, at, to, new byte[0]);
          };
    }
    return text;
  }

  private static byte[] replaced(byte[] text, int at, byte value) {
    byte[] copy = text.clone();
    copy[at] = value;
    return copy;
  }

  private static byte[] spliced(byte[] text, int from, int to, byte[] insertion) {
    byte[] result = new byte[from + insertion.length + text.length - to];
    System.arraycopy(text, 0, result, 0, from);
    System.arraycopy(insertion, 0, result, from, insertion.length);
    System.arraycopy(text, to, result, from + insertion.length, text.length - to);
    return result;
  }
}
