package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever happens to a file's bytes, opening it gives the model that was written or an error that names the file.
class DamagedModelTest {
  private static final Map<String, String> METADATA =
      Map.of("data.sha256", "9f86d081", "note", "größer\n\"quoted\"\t\uD83D\uDE00");

  @TempDir Path folder;

  @Test
  void everySingleFlippedBitIsFound() throws IOException {
    GateSpec gate = GateSpec.of(GateForms.parse("linear"), Granularity.BLOCK);
    ModelSpec spec =
        ModelSpec.gated(List.of(3, 11, 2), 8, Activation.RELU, OutputForm.SOFTMAX, gate);
    byte[] whole = write(spec, new Random(1));
    Path path = Files.write(folder.resolve("damaged"), whole);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      for (int bit = 0; bit < whole.length * 8; bit++) {
        int at = bit / 8;
        file.seek(at);
        file.write(whole[at] ^ 1 << bit % 8);
        requireRejected(path, "byte=" + at + ", bit=" + bit % 8);
        file.seek(at);
        file.write(whole[at]);
      }
    }
    ModelFile.open(path).close();
  }

  @Test
  void randomDamageIsFound() throws IOException {
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      byte[] whole = write(ModelFixtures.randomSpec(random), random);
      for (int run = 0; run < 50; run++) {
        byte[] damaged = damaged(whole, random);
        if (!Arrays.equals(whole, damaged)) {
          Path path = FileBytes.write(folder, "damaged", damaged);
          requireRejected(path, "seed=" + seed + ", run=" + run);
        }
      }
    }
  }

  /// Replaced, zeroed, swapped, cut and inserted bytes, half of the time in the header.
  private static byte[] damaged(byte[] whole, Random random) {
    int headerBytes = 8 + (whole[0] & 0xff) + ((whole[1] & 0xff) << 8);
    int bound = random.nextBoolean() ? headerBytes : whole.length;
    int at = random.nextInt(bound);
    int length = Math.min(1 + random.nextInt(16), whole.length - at);
    byte[] damaged = whole.clone();
    switch (random.nextInt(5)) {
      case 0 -> damaged[at] = (byte) random.nextInt();
      case 1 -> Arrays.fill(damaged, at, at + length, (byte) 0);
      case 2 -> {
        int other = random.nextInt(bound);
        damaged[at] = whole[other];
        damaged[other] = whole[at];
      }
      case 3 -> System.arraycopy(whole, at, damaged, whole.length - length, length);
      default -> damaged = Arrays.copyOf(whole, at);
    }
    return damaged;
  }

  private byte[] write(ModelSpec spec, Random random) throws IOException {
    Path path = folder.resolve("whole");
    try (Arena arena = Arena.ofConfined()) {
      ModelFile.write(path, spec, ModelFixtures.randomWeights(arena, spec, random), METADATA);
    }
    try (Model model = ModelFile.open(path)) {
      assertEquals(METADATA, model.metadata());
    }
    return Files.readAllBytes(path);
  }

  private static void requireRejected(Path path, String hint) {
    try (Model model = ModelFile.open(path)) {
      fail("damage was not found: " + hint + ", spec=" + model.spec());
    } catch (FormatException e) {
      assertTrue(e.getMessage().contains("path=" + path), hint + ": " + e.getMessage());
    } catch (RuntimeException | Error e) {
      fail(hint, e);
    }
  }
}
