package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFileTest {
  private static final Map<String, String> METADATA = Map.of("seed", "7");

  @TempDir Path folder;

  private final Arena arena = Arena.ofConfined();
  private Path path = Path.of("");

  @BeforeEach
  void choosePath() {
    path = folder.resolve("m.safetensors");
  }

  @AfterEach
  void close() {
    arena.close();
  }

  /// 3 inputs, 2 units, block 8: one panel of 4 stored inputs × 8 lanes; bias of 16 entries. The checksums were computed by
  /// a bit-by-bit CRC-32C in another language. 494 bytes of JSON and the length field are padded to 512.
  @Test
  void aTinyModelHasExactlyTheseBytes() throws IOException {
    ModelSpec spec = TinyModel.spec();
    Weights weights = Weights.allocate(arena, spec);
    Projection projection = weights.layers().getFirst().projection();
    float[][] values = {{1f, -2f, 0.5f}, {3f, 0.25f, -1.5f}};
    for (int unit = 0; unit < 2; unit++) {
      for (int input = 0; input < 3; input++) {
        projection.weights().set(unit, input, values[unit][input]);
      }
    }
    projection.bias().set(AlignedMemory.FLOAT, 0, 0.75f);
    projection.bias().set(AlignedMemory.FLOAT, 4, -0.125f);
    ModelFile.write(path, spec, weights, METADATA);
    String json =
        "{\"__metadata__\":{\"seed\":\"7\",\"sluice.checksum.layers.0.bias\":\"crc32c:c329e2bd\","
            + "\"sluice.checksum.layers.0.weight\":\"crc32c:d0f7612c\",\"sluice.format\":\"1\","
            + "\"sluice.headerChecksum\":\"crc32c:0c4d107d\",\"sluice.kind\":\"model\","
            + "\"sluice.spec\":\"{\\\"inputs\\\":3,\\\"output\\\":\\\"softmax\\\",\\\"layers\\\":["
            + "{\\\"kind\\\":\\\"dense\\\",\\\"units\\\":2,\\\"block\\\":8,\\\"activation\\\":\\\"relu\\\"}]}\"},"
            + "\"layers.0.weight\":{\"dtype\":\"F32\",\"shape\":[1,4,8],\"data_offsets\":[0,128]},"
            + "\"layers.0.bias\":{\"dtype\":\"F32\",\"shape\":[16],\"data_offsets\":[128,192]}}";
    String zeros = "00".repeat(24);
    byte[] data =
        FileBytes.hex(
            "0000803f00004040"
                + zeros // input 0: 1, 3
                + "000000c00000803e"
                + zeros // input 1: -2, 0.25
                + "0000003f0000c0bf"
                + zeros // input 2: 0.5, -1.5
                + "0000000000000000"
                + zeros // stored input 3
                + "0000403f000000be"
                + "00".repeat(56)); // bias: 0.75, -0.125
    assertArrayEquals(FileBytes.of(json + " ".repeat(10), data), Files.readAllBytes(path));
  }

  @ParameterizedTest
  @EnumSource(Placement.class)
  void randomModelsComeBackWithIdenticalBits(Placement placement) {
    for (long seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      assertComesBack(ModelFixtures.randomSpec(random), random, placement, "seed=" + seed);
    }
  }

  /// 71 units and 13 inputs fill no block and, at block 8, need the extra zero row.
  @ParameterizedTest
  @ValueSource(ints = {8, 16, 32, 64})
  void everyGateFormComesBackWithIdenticalBitsAtEveryBlockSize(int blockSize) {
    for (String form : GateForms.names()) {
      for (Granularity granularity : Granularity.values()) {
        GateSpec gate = GateSpec.of(GateForms.parse(form), granularity);
        ModelSpec spec =
            ModelSpec.gated(
                List.of(13, 71, 9, 3),
                blockSize,
                Activation.RELU,
                OutputForm.SOFTMAX,
                gate,
                gate.form().readsLight() ? 5 : 0);
        assertComesBack(spec, new Random(1), Placement.MAPPED, form + " " + granularity);
      }
    }
  }

  private void assertComesBack(ModelSpec spec, Random random, Placement placement, String hint) {
    try (Arena local = Arena.ofConfined()) {
      Weights weights = ModelFixtures.randomWeights(local, spec, random);
      ModelFile.write(path, spec, weights, METADATA);
      try (Model model = ModelFile.open(path, placement)) {
        assertEquals(spec, model.spec(), hint);
        assertEquals(METADATA, model.metadata(), hint);
        List<NamedTensor> expected = weights.tensors();
        List<NamedTensor> actual = model.weights().tensors();
        assertEquals(
            expected.stream().map(NamedTensor::name).toList(),
            actual.stream().map(NamedTensor::name).toList(),
            hint);
        for (int index = 0; index < expected.size(); index++) {
          assertEquals(expected.get(index).shape(), actual.get(index).shape(), hint);
          long mismatch = expected.get(index).segment().mismatch(actual.get(index).segment());
          assertEquals(-1, mismatch, hint + ", tensor=" + expected.get(index).name());
        }
      }
    }
  }

  @Test
  void aReopenedModelIsWrittenWithTheSameBytes() throws IOException {
    ModelSpec spec = writeRandomModel(3);
    byte[] first = Files.readAllBytes(path);
    try (Model model = ModelFile.open(path)) {
      Path second = folder.resolve("again");
      ModelFile.write(second, spec, model.weights(), model.metadata());
      assertArrayEquals(first, Files.readAllBytes(second));
    }
  }

  @Test
  void weightsOfAnOpenedModelCannotBeChanged() {
    writeRandomModel(4);
    for (Placement placement : Placement.values()) {
      try (Model model = ModelFile.open(path, placement)) {
        NamedTensor tensor = model.weights().tensors().getFirst();
        assertThrows(
            IllegalArgumentException.class, () -> tensor.segment().set(AlignedMemory.FLOAT, 0, 1f));
      }
    }
  }

  @Test
  void aModelOutlivesTheReplacementOfItsFile() {
    writeRandomModel(5);
    try (Model model = ModelFile.open(path)) {
      float before = model.weights().layers().getFirst().projection().weights().get(0, 0);
      writeRandomModel(6);
      float after = model.weights().layers().getFirst().projection().weights().get(0, 0);
      assertEquals(before, after);
      try (Model replaced = ModelFile.open(path)) {
        assertFalse(
            before == replaced.weights().layers().getFirst().projection().weights().get(0, 0));
      }
    }
  }

  @Test
  void closingAModelFreesItsMemory() {
    writeRandomModel(7);
    Model model = ModelFile.open(path);
    model.close();
    assertFalse(model.isOpen());
    assertThrows(
        IllegalStateException.class,
        () -> model.weights().layers().getFirst().projection().weights().get(0, 0));
  }

  @Test
  void aFullDiskLeavesTheOldModel() throws IOException {
    writeRandomModel(8);
    byte[] old = Files.readAllBytes(path);
    ModelSpec spec = ModelFixtures.randomSpec(new Random(9));
    Weights weights = ModelFixtures.randomWeights(arena, spec, new Random(9));
    UncheckedIOException e =
        assertThrows(
            UncheckedIOException.class,
            () ->
                ModelFile.write(
                    path,
                    spec,
                    weights,
                    METADATA,
                    temporary -> new FailingDisk(temporary, 3000, false, false)));
    assertEquals(
        "cannot write model file: path=" + path + ", reason=No space left on device",
        e.getMessage());
    assertArrayEquals(old, Files.readAllBytes(path));
    assertEquals(1, Objects.requireNonNull(folder.toFile().list()).length);
  }

  @Test
  void aMissingModelIsNamed() {
    UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> ModelFile.open(path));
    assertEquals(
        "cannot read model file: path=" + path + ", reason=no such file or folder " + path,
        e.getMessage());
  }

  /// The system's own list of mappings; a leak would keep every rejected file mapped for good.
  @Test
  void aRejectedFileDoesNotStayMapped() throws IOException {
    Path maps = Path.of("/proc/self/maps");
    assumeTrue(Files.exists(maps), "no /proc/self/maps on this system");
    writeRandomModel(11);
    try (Model model = ModelFile.open(path, Placement.MAPPED)) {
      assertTrue(model.isOpen() && Files.readString(maps).contains(path.toString()));
    }
    byte[] damaged = Files.readAllBytes(path);
    damaged[damaged.length - 1] ^= 1;
    Files.write(path, damaged);
    assertThrows(FormatException.class, () -> ModelFile.open(path, Placement.MAPPED));
    assertFalse(Files.readString(maps).contains(path.toString()));
  }

  private ModelSpec writeRandomModel(long seed) {
    Random random = new Random(seed);
    ModelSpec spec = ModelFixtures.randomSpec(random);
    ModelFile.write(path, spec, ModelFixtures.randomWeights(arena, spec, random), METADATA);
    return spec;
  }
}
