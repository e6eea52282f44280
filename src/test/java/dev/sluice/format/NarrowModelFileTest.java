package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.kernel.Activation;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Panels;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
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
      ModelFile.write(path, tinySpec(), bf16.weights(), METADATA);
      SafetensorsFile file = SafetensorsFile.read(path, arena, Placement.COPIED);
      assertEquals(List.of("layers.0.weight BF16 [1, 4, 8]", "layers.0.bias F32 [16]"), list(file));
      MemorySegment data = file.tensors().getFirst().data();
      // input 2: -0.5 of unit 0, then the partner lane 4, then 2 of unit 1
      byte[] expected = {0, (byte) 0xbf, 0, 0, 0, 0x40, 0, 0};
      assertArrayEquals(expected, data.asSlice(2 * 16, 8).toArray(ValueLayout.JAVA_BYTE));

      ModelFile.write(path, tinySpec(), int8.weights(), METADATA);
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
      writeTiny(precision, tensors -> tensors);
      byte[] whole = Files.readAllBytes(path);
      for (int bit = 0; bit < whole.length * 8; bit++) {
        byte[] damaged = whole.clone();
        damaged[bit / 8] ^= (byte) (1 << bit % 8);
        Path file = FileBytes.write(folder, "damaged", damaged);
        String where = precision + ", bit=" + bit;
        assertThrows(FormatException.class, () -> ModelFile.open(file), where);
      }
    }
  }

  /// With checksums that hold: what a program other than Sluice may write.
  @Test
  void weightsOfMixedOrUnknownTypesAreNamed() {
    writeTiny(WeightPrecision.BF16, tensors -> retyped(tensors, 0, DType.F16));
    expectRejected(
        "model file has weights of a type that is not computed with: path=*,"
            + " tensor=layers.0.weight, dtype=F16, known=[F32, BF16, I8]");
    writeTiny(WeightPrecision.INT8, tensors -> retyped(tensors, 0, DType.U8));
    expectRejected("model file has weights of a type that is not computed with: path=*");
    ModelSpec two = ModelSpec.dense(List.of(3, 2, 2), 8, Activation.RELU, OutputForm.SOFTMAX);
    List<StoredTensor> mixed = new ArrayList<>(stored(Weights.allocate(arena, two)));
    Weights narrow = Weights.allocate(arena, two).convert(arena, WeightPrecision.BF16);
    mixed.set(2, stored(narrow).get(2));
    write(two, mixed);
    expectRejected(
        "model file has a tensor of another type: path=*, tensor=layers.1.weight,"
            + " expected=F32 [1, 2, 8], actual=BF16 [1, 4, 8]");
  }

  @Test
  void biasesAndScalesThatAreNotF32AreNamed() {
    writeTiny(WeightPrecision.BF16, tensors -> zeros(tensors, 1, DType.BF16));
    expectRejected(
        "model file has a tensor of another type: path=*, tensor=layers.0.bias, expected=F32 [16],"
            + " actual=BF16 [16]");
    writeTiny(WeightPrecision.INT8, tensors -> zeros(tensors, 1, DType.F64));
    expectRejected("model file has a tensor of another type: path=*, tensor=layers.0.weight.scale");
  }

  @Test
  void missingAndNeedlessScalesAreNamed() {
    writeTiny(WeightPrecision.INT8, tensors -> List.of(tensors.get(0), tensors.get(2)));
    expectRejected("model file lacks a tensor: path=*, tensor=layers.0.weight.scale");
    StoredTensor scale =
        new StoredTensor(
            "layers.0.weight.scale",
            DType.F32,
            List.of(16L),
            AlignedMemory.allocateFloats(arena, 16));
    writeTiny(WeightPrecision.BF16, tensors -> List.of(tensors.get(0), tensors.get(1), scale));
    expectRejected(
        "model file has tensors that its blueprint lacks: path=*, tensors=[layers.0.weight.scale]");
  }

  @Test
  void scalesThatAreNoScalesAreNeitherReadNorWritten() {
    float[] bad = {Float.NaN, Float.POSITIVE_INFINITY, -1f, -Float.MIN_VALUE};
    for (float scale : bad) {
      writeTiny(WeightPrecision.INT8, tensors -> changedScale(tensors, 1, scale));
      expectRejected(
          "model file is not a valid model: path=*, reason=scale is negative or not finite:"
              + " tensor=layers.0.weight.scale, unit=1, value="
              + scale);
    }
    for (int unit : new int[] {2, 15}) {
      writeTiny(WeightPrecision.INT8, tensors -> changedScale(tensors, unit, 1f));
      expectRejected(
          "model file is not a valid model: path=*, reason=padding is not zero:"
              + " tensor=layers.0.weight.scale, unit="
              + unit
              + ", value=1.0");
    }
    Weights weights = zeroWeights(WeightPrecision.INT8);
    NamedTensor scales = weights.tensors().get(1);
    scales.segment().set(AlignedMemory.FLOAT, 0, Float.NaN);
    Path absent = folder.resolve("absent");
    assertThrows(
        IllegalArgumentException.class,
        () -> ModelFile.write(absent, tinySpec(), weights, METADATA));
    assertTrue(Files.notExists(absent));
  }

  @Test
  void paddingAndMinus128AreRefusedInStoredNumbers() {
    // input 0: element 2 is padding; its scale is 0, so the product would hide it
    writeTiny(WeightPrecision.INT8, tensors -> changedByte(tensors, 2, 1));
    expectRejected(
        "model file is not a valid model: path=*, reason=padding is not zero:"
            + " tensor=layers.0.weight, unit=2, input=0, value=1.0");
    writeTiny(WeightPrecision.INT8, tensors -> changedByte(tensors, 0, -128));
    expectRejected(
        "model file is not a valid model: path=*, reason=int8 weight is not from -127 to 127:"
            + " tensor=layers.0.weight, offset=0, value=-128");
    writeTiny(WeightPrecision.BF16, tensors -> changedByte(tensors, 3 * 16 + 1, 0x40));
    expectRejected(
        "model file is not a valid model: path=*, reason=padding is not zero:"
            + " tensor=layers.0.weight, unit=0, input=3");
  }

  @Test
  void weightsOfDifferentPrecisionsAreNoModel() {
    ModelSpec two = ModelSpec.dense(List.of(3, 2, 2), 8, Activation.RELU, OutputForm.SOFTMAX);
    Weights wide = Weights.allocate(arena, two);
    Weights narrow = wide.convert(arena, WeightPrecision.BF16);
    List<LayerWeights> mixed = List.of(wide.layers().get(0), narrow.layers().get(1));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Weights(mixed));
    assertEquals("weights differ in precision: found=[F32, BF16]", e.getMessage());
    e = assertThrows(IllegalArgumentException.class, () -> wide.copyFrom(narrow));
    assertEquals("weights differ in precision: expected=f32, actual=bf16", e.getMessage());
  }

  @Test
  void aWeightThatInt8CannotHoldIsNamedAndTheModelStaysAsItIs() {
    Weights weights = Weights.allocate(arena, tinySpec());
    weights.layers().getFirst().projection().weights().set(1, 2, Float.NaN);
    ModelFile.write(path, tinySpec(), weights, METADATA);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> ModelFile.open(path, WeightPrecision.INT8));
    assertEquals(
        "weights cannot be stored as int8: tensor=layers.0.weight, reason=weight is not finite,"
            + " int8 has no such number: unit=1, input=2, value=NaN",
        e.getMessage());
    try (Model model = ModelFile.open(path, WeightPrecision.BF16)) {
      assertFalse(
          Float.isFinite(model.weights().layers().getFirst().projection().weights().get(1, 2)));
    }
  }

  private static ModelSpec tinySpec() {
    LayerSpec layer = new LayerSpec.Dense(2, 8, Activation.RELU);
    return ModelSpec.of(3, List.of(layer), OutputForm.SOFTMAX);
  }

  /// 1, 0.25, -0.5 into unit 0 and 0, -1, 2 into unit 1.
  private Weights tinyWeights() {
    Weights weights = Weights.allocate(arena, tinySpec());
    Projection projection = weights.layers().getFirst().projection();
    float[][] values = {{1f, 0.25f, -0.5f}, {0f, -1f, 2f}};
    for (int unit = 0; unit < 2; unit++) {
      for (int input = 0; input < 3; input++) {
        projection.weights().set(unit, input, values[unit][input]);
      }
    }
    return weights;
  }

  private void writeTiny() {
    ModelFile.write(path, tinySpec(), tinyWeights(), METADATA);
  }

  /// The tiny model with its tensors changed and checksums that fit.
  private void writeTiny(WeightPrecision precision, UnaryOperator<List<StoredTensor>> change) {
    write(tinySpec(), change.apply(stored(tinyWeights().convert(arena, precision))));
  }

  private void write(ModelSpec spec, List<StoredTensor> tensors) {
    Map<String, String> metadata = Map.of("sluice.spec", ModelSpecJson.format(spec));
    TensorBundle.write("model", path, metadata, tensors, AtomicFile.ON_DISK);
  }

  private Weights zeroWeights(WeightPrecision precision) {
    return Weights.bind(
        tinySpec(),
        (name, spec) ->
            new Projection(
                spec,
                Panels.allocate(arena, spec.layout().withPrecision(precision)),
                AlignedMemory.allocateFloats(arena, spec.layout().storedUnits())));
  }

  private static List<StoredTensor> stored(Weights weights) {
    return weights.tensors().stream().map(StoredTensor::of).toList();
  }

  private static List<StoredTensor> retyped(List<StoredTensor> tensors, int index, DType dtype) {
    StoredTensor old = tensors.get(index);
    return replaced(tensors, index, new StoredTensor(old.name(), dtype, old.shape(), old.data()));
  }

  private List<StoredTensor> zeros(List<StoredTensor> tensors, int index, DType dtype) {
    StoredTensor old = tensors.get(index);
    long bytes = TensorEntry.requiredBytes(dtype, old.shape());
    MemorySegment data = AlignedMemory.allocate(arena, bytes).asSlice(0, bytes);
    return replaced(tensors, index, new StoredTensor(old.name(), dtype, old.shape(), data));
  }

  private List<StoredTensor> changedScale(List<StoredTensor> tensors, int unit, float scale) {
    StoredTensor copy = copied(tensors.get(1));
    copy.data().set(AlignedMemory.FLOAT, 4L * unit, scale);
    return replaced(tensors, 1, copy);
  }

  private List<StoredTensor> changedByte(List<StoredTensor> tensors, long offset, int value) {
    StoredTensor copy = copied(tensors.getFirst());
    copy.data().set(ValueLayout.JAVA_BYTE, offset, (byte) value);
    return replaced(tensors, 0, copy);
  }

  private StoredTensor copied(StoredTensor tensor) {
    long bytes = tensor.data().byteSize();
    MemorySegment data = AlignedMemory.allocate(arena, bytes).asSlice(0, bytes);
    data.copyFrom(tensor.data());
    return new StoredTensor(tensor.name(), tensor.dtype(), tensor.shape(), data);
  }

  private static List<StoredTensor> replaced(
      List<StoredTensor> tensors, int index, StoredTensor tensor) {
    StoredTensor[] all = tensors.toArray(StoredTensor[]::new);
    all[index] = tensor;
    return Arrays.asList(all);
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

  private void expectRejected(String message) {
    FormatException e = assertThrows(FormatException.class, () -> ModelFile.open(path));
    String expected = message.replace("*", path.toString());
    assertTrue(e.getMessage().startsWith(expected), e.getMessage());
  }
}
