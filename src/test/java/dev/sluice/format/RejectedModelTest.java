package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Weights;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Model files that are refused, and weights that are not written.
class RejectedModelTest {
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

  @Test
  void aCheckpointIsNotAModel() {
    TensorBundle.write("checkpoint", path, Map.of(), List.of());
    TinyModel.expectRejected(
        path, "model file is of another kind: path=*, expected=model, actual=checkpoint");
  }

  @Test
  void aModelOfAnotherVersionIsNamed() {
    SafetensorsFile.write(path, Map.of("sluice.format", "7"), List.of());
    TinyModel.expectRejected(path, "unsupported model format: path=*, expected=1, actual=7");
  }

  @Test
  void aModelWithoutBlueprintIsNamed() {
    TensorBundle.write("model", path, Map.of(), List.of());
    TinyModel.expectRejected(path, "model file lacks metadata: path=*, missing=sluice.spec");
  }

  @Test
  void aTruncatedModelIsNamedWithBothLengths() throws IOException {
    writeRandomModel(10);
    byte[] whole = Files.readAllBytes(path);
    Files.write(path, Arrays.copyOf(whole, whole.length - 1));
    TinyModel.expectRejected(
        path,
        "model file truncated: path=*, expectedBytes="
            + whole.length
            + ", actualBytes="
            + (whole.length - 1));
  }

  /// Blueprints that fit the checksums but not the tensors, or nothing at all.
  @Test
  void blueprintsThatDoNotFitTheTensorsAreNamed() {
    String spec = ModelSpecJson.format(TinyModel.spec());
    writeTiny(spec.replace("\"units\":2", "\"units\":9"));
    TinyModel.expectRejected(
        path,
        "model file has a tensor of another shape: path=*, tensor=layers.0.weight, expected=F32 [2,"
            + " 4, 8], actual=F32 [1, 4, 8]");
    writeTiny(spec.replace("\"inputs\":3", "\"inputs\":5"));
    TinyModel.expectRejected(
        path,
        "model file has a tensor of another shape: path=*, tensor=layers.0.weight, expected=F32 [1,"
            + " 6, 8], actual=F32 [1, 4, 8]");
    writeTiny(
        spec.replace(
            "}]}", "},{\"kind\":\"dense\",\"units\":2,\"block\":8,\"activation\":\"identity\"}]}"));
    TinyModel.expectRejected(path, "model file lacks a tensor: path=*, tensor=layers.1.weight");
    writeTiny(spec.replace("\"units\":2", "\"units\":500000000"));
    TinyModel.expectRejected(
        path, "model file has a tensor of another shape: path=*, tensor=layers.0.weight");
    writeTiny(spec.replace("\"units\":2", "\"units\":2147483647"));
    TinyModel.expectRejected(
        path,
        "model file is not a valid model: path=*, reason=panel shape out of range:"
            + " units=2147483647");
    writeTiny(spec.replace("\"inputs\":3", "\"inputs\":500000000"));
    TinyModel.expectRejected(
        path, "model file is not a valid model: path=*, reason=panel exceeds 2 GiB");
    writeTiny("{}");
    TinyModel.expectRejected(
        path,
        "model file has a damaged blueprint: path=*, reason=missing key in blueprint: key=inputs");
    writeTiny(spec.replace("relu", "swish"));
    TinyModel.expectRejected(
        path,
        "model file has a damaged blueprint: path=*, reason=invalid value in blueprint:"
            + " key=layers[0].activation");
  }

  /// A rank of two thousand millions asks for 8 GB of zeros, before any tensor of the file is looked at.
  @Test
  void aHugeRankIsRejectedBeforeMemoryIsTaken() {
    writeTiny(
        "{\"inputs\":3,\"output\":\"softmax\",\"layers\":[{\"kind\":\"gated\",\"units\":2,\"block\":8,"
            + "\"activation\":\"relu\",\"lightRank\":0,\"gate\":{\"form\":\"low-rank:500000000\",\"granularity\":\"block\","
            + "\"blocksPerGate\":1,\"rule\":\"threshold\",\"scalesOutput\":false}}]}");
    TinyModel.expectRejected(
        path, "model file lacks a tensor: path=*, tensor=layers.0.gate.0.weight");
  }

  @Test
  void tensorsThatTheBlueprintLacksAreNamed() {
    Weights weights = Weights.allocate(arena, TinyModel.spec());
    List<StoredTensor> tensors = new ArrayList<>(TinyModel.stored(weights));
    tensors.add(
        new StoredTensor(
            "extra", DType.F32, List.of(16L), AlignedMemory.allocateFloats(arena, 16)));
    writeTiny(ModelSpecJson.format(TinyModel.spec()), tensors);
    TinyModel.expectRejected(
        path, "model file has tensors that its blueprint lacks: path=*, tensors=[extra]");
  }

  @Test
  void paddingThatIsNotZeroIsNeitherReadNorWritten() {
    for (int[] place : new int[][] {{2, 0}, {7, 3}, {0, 3}, {1, 3}}) {
      Weights weights = Weights.allocate(arena, TinyModel.spec());
      weights.layers().getFirst().projection().weights().set(place[0], place[1], -3f);
      String message =
          "padding is not zero: tensor=layers.0.weight, unit="
              + place[0]
              + ", input="
              + place[1]
              + ", value=-3.0";
      expectPaddingRefused(weights, message);
    }
    for (int unit : new int[] {2, 7, 8, 15}) {
      Weights weights = Weights.allocate(arena, TinyModel.spec());
      weights
          .layers()
          .getFirst()
          .projection()
          .bias()
          .set(AlignedMemory.FLOAT, 4L * unit, Float.NaN);
      expectPaddingRefused(
          weights,
          "padding is not zero: tensor=layers.0.bias, unit=" + unit + ", input=0, value=NaN");
    }
  }

  private void expectPaddingRefused(Weights weights, String message) {
    writeTiny(ModelSpecJson.format(TinyModel.spec()), TinyModel.stored(weights));
    TinyModel.expectRejected(path, "model file is not a valid model: path=*, reason=" + message);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ModelFile.write(path, TinyModel.spec(), weights, METADATA));
    assertEquals(message, e.getMessage());
  }

  @Test
  void biasesThatAreNotStoredMustBeZeroToBeWritten() {
    GateSpec gate = GateSpec.of(GateForms.parse("low-rank:3"), Granularity.BLOCK);
    ModelSpec spec =
        ModelSpec.gated(List.of(4, 9, 2), 8, Activation.RELU, OutputForm.IDENTITY, gate);
    Weights weights = Weights.allocate(arena, spec);
    weights.layers().getFirst().gate().getFirst().bias().set(AlignedMemory.FLOAT, 0, 1f);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> ModelFile.write(path, spec, weights, METADATA));
    assertEquals(
        "padding is not zero: tensor=layers.0.gate.0.bias, unit=0, input=0, value=1.0",
        e.getMessage());
  }

  @Test
  void weightsOfAnotherBlueprintAreNotWritten() {
    Weights weights = Weights.allocate(arena, TinyModel.spec());
    for (ModelSpec other :
        List.of(
            ModelSpec.dense(List.of(3, 9), 8, Activation.RELU, OutputForm.SOFTMAX),
            ModelSpec.dense(List.of(3, 2, 2), 8, Activation.RELU, OutputForm.SOFTMAX))) {
      assertThrows(
          IllegalArgumentException.class, () -> ModelFile.write(path, other, weights, METADATA));
    }
    assertTrue(Files.notExists(path));
  }

  @Test
  void metadataCannotReplaceTheBlueprint() {
    Weights weights = Weights.allocate(arena, TinyModel.spec());
    Map<String, String> metadata = new HashMap<>(Map.of("sluice.spec", "{}"));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ModelFile.write(path, TinyModel.spec(), weights, metadata));
    assertEquals("metadata key is reserved: key=sluice.spec", e.getMessage());
  }

  private void writeRandomModel(long seed) {
    Random random = new Random(seed);
    ModelSpec spec = ModelFixtures.randomSpec(random);
    ModelFile.write(path, spec, ModelFixtures.randomWeights(arena, spec, random), METADATA);
  }

  private void writeTiny(String blueprint) {
    writeTiny(blueprint, TinyModel.stored(Weights.allocate(arena, TinyModel.spec())));
  }

  private void writeTiny(String blueprint, List<StoredTensor> tensors) {
    TinyModel.write(path, blueprint, tensors);
  }
}
