package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.memory.AlignedMemory;
import dev.sluice.model.NamedTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBundleTest {
  private static final Map<String, String> METADATA =
      Map.of("step", "12", "spec", "{\"a\":[1,2]}", "note", "two\nlines");

  @TempDir Path folder;

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void tensorsAndMetadataComeBackAndCopyIntoTheirOwners() {
    Path path = folder.resolve("c");
    List<NamedTensor> written =
        List.of(tensor("w", 2, 3, 8), tensor("adam.m/w", 2, 3, 8), tensor("b", 16));
    TensorBundle.write("checkpoint", path, METADATA, written);
    TensorBundle read = read(path);
    assertEquals(METADATA, read.metadata());
    assertEquals(3, read.tensors().size());
    assertTrue(read.has("b"));
    assertFalse(read.has("c"));
    for (NamedTensor tensor : written) {
      NamedTensor owner =
          new NamedTensor(
              tensor.name(), tensor.shape(), AlignedMemory.allocateFloats(arena, tensor.count()));
      read.copyTo(owner);
      assertEquals(-1, tensor.segment().mismatch(owner.segment()), tensor.name());
    }
  }

  @Test
  void equalContentMakesEqualBytesWhateverTheOrderOfMetadata() throws IOException {
    List<NamedTensor> tensors = List.of(tensor("w", 16));
    Map<String, String> forward = new LinkedHashMap<>();
    Map<String, String> backward = new LinkedHashMap<>();
    for (int index = 0; index < 20; index++) {
      forward.put("key" + index, "" + index);
      backward.put("key" + (19 - index), "" + (19 - index));
    }
    TensorBundle.write("checkpoint", folder.resolve("f"), forward, tensors);
    TensorBundle.write("checkpoint", folder.resolve("b"), backward, tensors);
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("f")), Files.readAllBytes(folder.resolve("b")));
  }

  @Test
  void lackingTensorsAndOtherShapesAreNamed() {
    Path path = folder.resolve("c");
    TensorBundle.write("checkpoint", path, Map.of(), List.of(tensor("w", 2, 8)));
    TensorBundle read = read(path);
    FormatException e = assertThrows(FormatException.class, () -> read.tensor("v"));
    assertEquals("checkpoint file lacks a tensor: path=" + path + ", tensor=v", e.getMessage());
    NamedTensor other = tensor("w", 8, 2);
    e = assertThrows(FormatException.class, () -> read.copyTo(other));
    assertEquals(
        "checkpoint file has a tensor of another shape: path="
            + path
            + ", tensor=w, expected=F32 [8, 2], actual=F32 [2, 8]",
        e.getMessage());
  }

  @Test
  void tensorsOfAnotherTypeAreNamed() {
    Path path = folder.resolve("c");
    NamedTensor floats = tensor("w", 16);
    StoredTensor wholes = new StoredTensor("w", DType.I32, List.of(16L), floats.segment());
    TensorBundle.write("checkpoint", path, Map.of(), List.of(wholes), AtomicFile.ON_DISK);
    TensorBundle read = read(path);
    FormatException e = assertThrows(FormatException.class, () -> read.copyTo(floats));
    assertEquals(
        "checkpoint file has a tensor of another type: path="
            + path
            + ", tensor=w, expected=F32 [16], actual=I32 [16]",
        e.getMessage());
  }

  @Test
  void filesOfAnotherKindAreNamed() {
    Path path = folder.resolve("m");
    TensorBundle.write("model", path, Map.of(), List.of());
    FormatException e = assertThrows(FormatException.class, () -> read(path));
    assertEquals(
        "checkpoint file is of another kind: path=" + path + ", expected=checkpoint, actual=model",
        e.getMessage());
  }

  @Test
  void filesOfAnotherVersionAreNamed() {
    Path path = folder.resolve("c");
    SafetensorsFile.write(path, Map.of("sluice.format", "7"), List.of());
    FormatException e = assertThrows(FormatException.class, () -> read(path));
    assertEquals(
        "unsupported checkpoint format: path=" + path + ", expected=1, actual=7", e.getMessage());
  }

  @Test
  void filesOfOtherProgramsAreNamed() {
    Path path = folder.resolve("c");
    SafetensorsFile.write(path, Map.of("format", "pt"), List.of(stored(tensor("w", 16))));
    FormatException e = assertThrows(FormatException.class, () -> read(path));
    assertEquals(
        "checkpoint file is safetensors, but not written by Sluice: path="
            + path
            + ", missing=sluice.format",
        e.getMessage());
  }

  /// A file that another program has taken apart and put together again, in its own order and alignment.
  @Test
  void checksumsHoldAfterAnotherProgramHasRewrittenTheFile() throws IOException {
    Path path = folder.resolve("c");
    TensorBundle.write("checkpoint", path, METADATA, List.of(tensor("a", 16), tensor("b", 32)));
    SafetensorsFile file = SafetensorsFile.read(path, arena, Placement.COPIED);
    StringBuilder header = new StringBuilder("{ ");
    header.append("\"b\":{\"dtype\":\"F32\",\"shape\":[32],\"data_offsets\":[0,128]}, ");
    header.append("\"a\":{\"dtype\":\"F32\",\"shape\":[16],\"data_offsets\":[128,192]}, ");
    header.append("\"__metadata__\":").append(Json.write(file.header().metadata())).append("}");
    byte[] data = new byte[192];
    MemorySegment.copy(file.tensors().get(1).data(), 0, MemorySegment.ofArray(data), 0, 128);
    MemorySegment.copy(file.tensors().get(0).data(), 0, MemorySegment.ofArray(data), 128, 64);
    Files.write(path, FileBytes.of(header.toString(), data));
    TensorBundle read = read(path);
    assertEquals(METADATA, read.metadata());
    assertEquals(-1, file.tensors().get(0).data().mismatch(read.tensor("a").data()));
  }

  /// 0xcbf43926 and 0xe3069283 are the two algorithms' published check values for "123456789".
  @Test
  void bothChecksumsAreTheStandardOnes() {
    MemorySegment digits =
        arena
            .allocate(9)
            .copyFrom(MemorySegment.ofArray("123456789".getBytes(StandardCharsets.US_ASCII)));
    assertEquals("crc32c:e3069283", Checksums.of(digits));
    assertEquals("crc32c:e3069283", Checksums.like("crc32c:00000000", digits));
    assertEquals("crc32:cbf43926", Checksums.like("crc32:00000000", digits));
  }

  @Test
  void filesWithLackingWrongOrUnknownChecksumsAreRejected() {
    Path path = folder.resolve("c");
    StoredTensor tensor = stored(tensor("w", 16));
    TensorBundle.write("checkpoint", path, Map.of(), List.of(tensor("w", 16)));
    Map<String, String> valid = SafetensorsFile.readHeader(path).metadata();
    assertRejected(path, valid, "sluice.headerChecksum", null, tensor, "lacks metadata");
    assertRejected(path, valid, "sluice.checksum.w", null, tensor, "is damaged");
    assertRejected(path, valid, "sluice.kind", null, tensor, "lacks metadata");
    assertRejected(path, valid, "sluice.checksum.w", "crc32c:00000000", tensor, "part=header");
    assertRejected(path, valid, "sluice.headerChecksum", "md5:0", tensor, "unknown checksum");
    assertRejected(path, valid, "new", "entry", tensor, "part=header");
  }

  private void assertRejected(
      Path path,
      Map<String, String> valid,
      String key,
      @Nullable String value,
      StoredTensor tensor,
      String message) {
    Map<String, String> metadata = new HashMap<>(valid);
    if (value == null) {
      metadata.remove(key);
    } else {
      metadata.put(key, value);
    }
    SafetensorsFile.write(path, metadata, List.of(tensor));
    FormatException e = assertThrows(FormatException.class, () -> read(path));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertTrue(e.getMessage().contains(path.toString()), e.getMessage());
  }

  @Test
  void reservedKeysAndControlCharactersAreNotWritten() {
    Path path = folder.resolve("c");
    for (Map<String, String> metadata :
        List.of(
            Map.of("sluice.format", "1"),
            Map.of("sluice.kind", "x"),
            Map.of("sluice.headerChecksum", "x"),
            Map.of("sluice.checksum.w", "x"),
            Map.of("", "x"),
            Map.of("a\u0000", "x"),
            Map.of("a", "\u009b"))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> TensorBundle.write("checkpoint", path, metadata, List.of()));
    }
    assertTrue(Files.notExists(path));
  }

  @Test
  void aFullDiskLeavesTheOldBundle() {
    Path path = folder.resolve("c");
    TensorBundle.write("checkpoint", path, METADATA, List.of(tensor("w", 16)));
    List<StoredTensor> larger = List.of(stored(tensor("w", 4096)));
    assertThrows(
        UncheckedIOException.class,
        () ->
            TensorBundle.write(
                "checkpoint",
                path,
                METADATA,
                larger,
                temporary -> new FailingDisk(temporary, 5000, false, false)));
    assertEquals(List.of(16L), read(path).tensor("w").shape());
    assertEquals(1, Objects.requireNonNull(folder.toFile().list()).length);
  }

  private TensorBundle read(Path path) {
    return TensorBundle.read("checkpoint", path, arena, Placement.MAPPED);
  }

  private static StoredTensor stored(NamedTensor tensor) {
    return StoredTensor.of(tensor);
  }

  private NamedTensor tensor(String name, long... shape) {
    long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    MemorySegment data = AlignedMemory.allocateFloats(arena, count);
    Random random = new Random(name.hashCode());
    for (long index = 0; index < count; index++) {
      data.set(AlignedMemory.FLOAT, index * 4, random.nextFloat());
    }
    return new NamedTensor(name, Arrays.stream(shape).boxed().toList(), data);
  }
}
