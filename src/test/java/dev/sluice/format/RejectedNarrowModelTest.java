package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.kernel.Activation;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Panels;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files with bf16 or int8 weights that are refused, and such weights that are not written.
class RejectedNarrowModelTest {
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

  /// With checksums that hold: what a program other than Sluice may write.
  @Test
  void weightsOfMixedOrUnknownTypesAreNamed() {
    writeTiny(WeightPrecision.BF16, tensors -> retyped(tensors, 0, DType.F16));
    TinyModel.expectRejected(
        path,
        "model file has weights of a type that is not computed with: path=*,"
            + " tensor=layers.0.weight, dtype=F16, known=[F32, BF16, I8]");
    writeTiny(WeightPrecision.INT8, tensors -> retyped(tensors, 0, DType.U8));
    TinyModel.expectRejected(
        path, "model file has weights of a type that is not computed with: path=*");
    ModelSpec two = ModelSpec.dense(List.of(3, 2, 2), 8, Activation.RELU, OutputForm.SOFTMAX);
    List<StoredTensor> mixed = new ArrayList<>(TinyModel.stored(Weights.allocate(arena, two)));
    Weights narrow = Weights.allocate(arena, two).convert(arena, WeightPrecision.BF16);
    mixed.set(2, TinyModel.stored(narrow).get(2));
    write(two, mixed);
    TinyModel.expectRejected(
        path,
        "model file has a tensor of another type: path=*, tensor=layers.1.weight,"
            + " expected=F32 [1, 2, 8], actual=BF16 [1, 4, 8]");
  }

  @Test
  void biasesAndScalesThatAreNotF32AreNamed() {
    writeTiny(WeightPrecision.BF16, tensors -> zeros(tensors, 1, DType.BF16));
    TinyModel.expectRejected(
        path,
        "model file has a tensor of another type: path=*, tensor=layers.0.bias, expected=F32 [16],"
            + " actual=BF16 [16]");
    writeTiny(WeightPrecision.INT8, tensors -> zeros(tensors, 1, DType.F64));
    TinyModel.expectRejected(
        path, "model file has a tensor of another type: path=*, tensor=layers.0.weight.scale");
  }

  @Test
  void missingAndNeedlessScalesAreNamed() {
    writeTiny(WeightPrecision.INT8, tensors -> List.of(tensors.get(0), tensors.get(2)));
    TinyModel.expectRejected(
        path, "model file lacks a tensor: path=*, tensor=layers.0.weight.scale");
    StoredTensor scale =
        new StoredTensor(
            "layers.0.weight.scale",
            DType.F32,
            List.of(16L),
            AlignedMemory.allocateFloats(arena, 16));
    writeTiny(WeightPrecision.BF16, tensors -> List.of(tensors.get(0), tensors.get(1), scale));
    TinyModel.expectRejected(
        path,
        "model file has tensors that its blueprint lacks: path=*, tensors=[layers.0.weight.scale]");
  }

  @Test
  void scalesThatAreNoScalesAreNeitherReadNorWritten() {
    float[] bad = {Float.NaN, Float.POSITIVE_INFINITY, -1f, -Float.MIN_VALUE};
    for (float scale : bad) {
      writeTiny(WeightPrecision.INT8, tensors -> changedScale(tensors, 1, scale));
      TinyModel.expectRejected(
          path,
          "model file is not a valid model: path=*, reason=scale is negative or not finite:"
              + " tensor=layers.0.weight.scale, unit=1, value="
              + scale);
    }
    for (int unit : new int[] {2, 15}) {
      writeTiny(WeightPrecision.INT8, tensors -> changedScale(tensors, unit, 1f));
      TinyModel.expectRejected(
          path,
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
        () -> ModelFile.write(absent, TinyModel.spec(), weights, METADATA));
    assertTrue(Files.notExists(absent));
  }

  @Test
  void paddingAndMinus128AreRefusedInStoredNumbers() {
    // input 0: element 2 is padding; its scale is 0, so the product would hide it
    writeTiny(WeightPrecision.INT8, tensors -> changedByte(tensors, 2, 1));
    TinyModel.expectRejected(
        path,
        "model file is not a valid model: path=*, reason=padding is not zero:"
            + " tensor=layers.0.weight, unit=2, input=0, value=1.0");
    writeTiny(WeightPrecision.INT8, tensors -> changedByte(tensors, 0, -128));
    TinyModel.expectRejected(
        path,
        "model file is not a valid model: path=*, reason=int8 weight is not from -127 to 127:"
            + " tensor=layers.0.weight, offset=0, value=-128");
    writeTiny(WeightPrecision.BF16, tensors -> changedByte(tensors, 3 * 16 + 1, 0x40));
    TinyModel.expectRejected(
        path,
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
    Weights weights = Weights.allocate(arena, TinyModel.spec());
    weights.layers().getFirst().projection().weights().set(1, 2, Float.NaN);
    ModelFile.write(path, TinyModel.spec(), weights, METADATA);
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

  /// The tiny model with its tensors changed and checksums that fit.
  private void writeTiny(WeightPrecision precision, UnaryOperator<List<StoredTensor>> change) {
    Weights weights = TinyModel.weights(arena).convert(arena, precision);
    write(TinyModel.spec(), change.apply(TinyModel.stored(weights)));
  }

  private void write(ModelSpec spec, List<StoredTensor> tensors) {
    TinyModel.write(path, ModelSpecJson.format(spec), tensors);
  }

  private Weights zeroWeights(WeightPrecision precision) {
    return Weights.bind(
        TinyModel.spec(),
        (name, spec) ->
            new Projection(
                spec,
                Panels.allocate(arena, spec.layout().withPrecision(precision)),
                AlignedMemory.allocateFloats(arena, spec.layout().storedUnits())));
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
}
