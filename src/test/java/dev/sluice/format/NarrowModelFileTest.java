package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Models whose weights are stored in bf16 or int8.
class NarrowModelFileTest {
  private static final Map<String, String> METADATA = Map.of("seed", "7");
  private static final WeightPrecision[] NARROW = {WeightPrecision.BF16, WeightPrecision.INT8};

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

  @ParameterizedTest
  @EnumSource(WeightPrecision.class)
  void randomModelsComeBackInTheirPrecisionWithIdenticalBits(WeightPrecision precision) {
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      ModelSpec spec = ModelFixtures.randomSpec(random);
      try (Arena local = Arena.ofConfined()) {
        Weights weights =
            ModelFixtures.randomWeights(local, spec, random).convert(local, precision);
        ModelFile.write(path, spec, weights, METADATA);
        for (Placement placement : Placement.values()) {
          try (Model model = ModelFile.open(path, placement)) {
            assertEquals(precision, model.precision(), "seed=" + seed);
            assertEquals(METADATA, model.metadata());
            assertEquals(weights.weightBytes(), model.weights().weightBytes());
            assertEqualTensors(weights, model.weights(), "seed=" + seed + ", " + placement);
          }
        }
      }
    }
  }

  @Test
  void convertingWhenOpenedEqualsConvertingWhenStored() {
    for (long seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      ModelSpec spec = ModelFixtures.randomSpec(random);
      Weights weights = ModelFixtures.randomWeights(arena, spec, random);
      ModelFile.write(path, spec, weights, METADATA);
      for (WeightPrecision precision : WeightPrecision.values()) {
        Path stored = folder.resolve(precision.specName());
        try (Model opened = ModelFile.open(path, precision)) {
          assertEquals(precision, opened.precision());
          ModelFile.write(stored, opened.spec(), opened.weights(), opened.metadata());
          try (Model again = ModelFile.open(stored, precision)) {
            assertEqualTensors(opened.weights(), again.weights(), "seed=" + seed);
          }
        }
      }
    }
  }

  @Test
  void everyPairOfPrecisionsConvertsAndOnlyWeightsAndScalesDiffer() {
    Random random = new Random(4);
    ModelSpec spec = ModelFixtures.randomSpec(random);
    Weights weights = ModelFixtures.randomWeights(arena, spec, random);
    for (WeightPrecision from : WeightPrecision.values()) {
      for (WeightPrecision to : WeightPrecision.values()) {
        Weights converted = weights.convert(arena, from).convert(arena, to);
        assertEquals(to, converted.precision());
        for (int layer = 0; layer < weights.layers().size(); layer++) {
          LayerWeights before = weights.layers().get(layer);
          LayerWeights after = converted.layers().get(layer);
          assertEquals(before.gate().size(), after.gate().size());
          after.gate().forEach(gate -> assertEquals(to, gate.precision()));
          assertSameBias(before.projection(), after.projection());
          for (int index = 0; index < before.gate().size(); index++) {
            assertSameBias(before.gate().get(index), after.gate().get(index));
          }
        }
      }
    }
  }

  private static void assertSameBias(Projection expected, Projection actual) {
    long bytes = (long) expected.spec().layout().storedUnits() * Float.BYTES;
    assertEquals(-1, expected.bias().asSlice(0, bytes).mismatch(actual.bias()));
  }

  @Test
  void aConvertedModelOutlivesTheOriginalAndCannotBeChanged() {
    writeTiny();
    Model original = ModelFile.open(path);
    for (WeightPrecision precision : WeightPrecision.values()) {
      assertTrue(original.withPrecision(precision).isOpen());
    }
    try (Model narrow = original.withPrecision(WeightPrecision.INT8)) {
      original.close();
      assertEquals(2f, narrow.weights().layers().getFirst().projection().weights().get(1, 2), 1e-2);
      for (NamedTensor tensor : narrow.weights().tensors()) {
        assertThrows(
            IllegalArgumentException.class,
            () -> tensor.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
      }
    }
  }

  /// 3 inputs, 2 units in a block of 8: 4 stored inputs in bf16, 8 in int8; lanes 0 and 1 are elements 0 and 2.
  @Test
  void tensorsHaveTheTypesShapesAndOrderOfLanesThatTheFormatDescribes() {
    writeTiny();
    try (Model bf16 = ModelFile.open(path, WeightPrecision.BF16);
        Model int8 = ModelFile.open(path, WeightPrecision.INT8)) {
      ModelFile.write(path, TinyModel.spec(), bf16.weights(), METADATA);
      SafetensorsFile file = SafetensorsFile.read(path, arena, Placement.COPIED);
      assertEquals(List.of("layers.0.weight BF16 [1, 4, 8]", "layers.0.bias F32 [16]"), list(file));
      MemorySegment data = file.tensors().getFirst().data();
      // input 2: -0.5 of unit 0, then the partner lane 4, then 2 of unit 1
      byte[] expected = {0, (byte) 0xbf, 0, 0, 0, 0x40, 0, 0};
      assertArrayEquals(expected, data.asSlice(2 * 16, 8).toArray(ValueLayout.JAVA_BYTE));

      ModelFile.write(path, TinyModel.spec(), int8.weights(), METADATA);
      file = SafetensorsFile.read(path, arena, Placement.COPIED);
      assertEquals(
          List.of(
              "layers.0.weight I8 [1, 8, 8]",
              "layers.0.weight.scale F32 [16]",
              "layers.0.bias F32 [16]"),
          list(file));
      // scales: 1/127 and 2/127
      data = file.tensors().getFirst().data();
      byte[] quotients = {-64, 127, 0, 0};
      assertArrayEquals(quotients, data.asSlice(2 * 8, 4).toArray(ValueLayout.JAVA_BYTE));
      MemorySegment scales = file.tensors().get(1).data();
      assertEquals(1f / 127, scales.get(AlignedMemory.FLOAT, 0));
      assertEquals(2f / 127, scales.get(AlignedMemory.FLOAT, 4));
    }
  }

  private static List<String> list(SafetensorsFile file) {
    return file.tensors().stream()
        .map(tensor -> tensor.name() + " " + tensor.dtype() + " " + tensor.shape())
        .toList();
  }

  @Test
  void everyFlippedBitOfANarrowModelIsFound() throws IOException {
    for (WeightPrecision precision : NARROW) {
      byte[] whole = tinyBytes(precision);
      for (int bit = 0; bit < whole.length * 8; bit++) {
        byte[] damaged = whole.clone();
        damaged[bit / 8] ^= (byte) (1 << bit % 8);
        Path file = FileBytes.write(folder, "damaged", damaged);
        String where = precision + ", bit=" + bit;
        assertThrows(FormatException.class, () -> ModelFile.open(file), where);
      }
    }
  }

  private void writeTiny() {
    ModelFile.write(path, TinyModel.spec(), TinyModel.weights(arena), METADATA);
  }

  private byte[] tinyBytes(WeightPrecision precision) throws IOException {
    Weights weights = TinyModel.weights(arena).convert(arena, precision);
    TinyModel.write(path, ModelSpecJson.format(TinyModel.spec()), TinyModel.stored(weights));
    return Files.readAllBytes(path);
  }

  private static void assertEqualTensors(Weights expected, Weights actual, String hint) {
    List<NamedTensor> wanted = expected.tensors();
    List<NamedTensor> found = actual.tensors();
    assertEquals(wanted.size(), found.size(), hint);
    for (int index = 0; index < wanted.size(); index++) {
      NamedTensor tensor = wanted.get(index);
      assertEquals(tensor.name(), found.get(index).name(), hint);
      assertEquals(tensor.shape(), found.get(index).shape(), hint);
      assertEquals(tensor.precision(), found.get(index).precision(), hint);
      long mismatch = tensor.segment().mismatch(found.get(index).segment());
      assertEquals(-1, mismatch, hint + ", tensor=" + tensor.name());
    }
  }
}
