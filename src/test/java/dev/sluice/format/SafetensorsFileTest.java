package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.memory.AlignedMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsFileTest {
  @TempDir Path folder;

  /// 84 bytes of JSON: the length field says 120, the next multiple of 64 less the 8 of the field; so 36 spaces.
  @Test
  void aTinyFileHasExactlyTheseBytes() throws IOException {
    Path path = folder.resolve("tiny.safetensors");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = AlignedMemory.allocateFloats(arena, 16);
      data.set(AlignedMemory.FLOAT, 0, 1f);
      data.set(AlignedMemory.FLOAT, 60, -2.5f);
      StoredTensor tensor = new StoredTensor("a", DType.F32, List.of(16L), data);
      SafetensorsFile.write(path, Map.of("seed", "7"), List.of(tensor));
    }
    String json =
        "{\"__metadata__\":{\"seed\":\"7\"},\"a\":{\"dtype\":\"F32\",\"shape\":[16],\"data_offsets\":[0,64]}}";
    byte[] data = FileBytes.hex("0000803f" + "00".repeat(56) + "000020c0");
    assertArrayEquals(FileBytes.of(json + " ".repeat(36), data), Files.readAllBytes(path));
    assertEquals(128, SafetensorsFile.readHeader(path).dataOffsetBytes());
  }

  @ParameterizedTest
  @EnumSource(Placement.class)
  void randomTensorsComeBackWithNamesShapesAndBytes(Placement placement) {
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      Path path = folder.resolve("random.safetensors");
      try (Arena arena = Arena.ofShared()) {
        List<StoredTensor> written = randomTensors(random, arena);
        Map<String, String> metadata = Map.of("seed", "" + seed, "é \"\\", "1\n2\t\uD83D\uDE00");
        SafetensorsFile.write(path, metadata, written);
        SafetensorsFile read = SafetensorsFile.read(path, arena, placement);
        assertEquals(metadata, read.header().metadata(), "seed=" + seed);
        assertEquals(0, read.header().dataOffsetBytes() % 64, "seed=" + seed);
        assertEqualTensors(written, read.tensors(), seed);
      }
    }
  }

  private static List<StoredTensor> randomTensors(Random random, Arena arena) {
    List<StoredTensor> tensors = new ArrayList<>();
    for (int index = random.nextInt(8); index > 0; index--) {
      DType dtype = DType.values()[random.nextInt(DType.values().length)];
      List<Long> shape = new ArrayList<>();
      for (int rank = random.nextInt(4); rank > 0; rank--) {
        shape.add((long) random.nextInt(10) * (random.nextBoolean() ? 8 : 1));
      }
      long bytes = TensorEntry.requiredBytes(dtype, shape);
      MemorySegment data = AlignedMemory.allocate(arena, bytes).asSlice(0, bytes);
      for (long offset = 0; offset < bytes; offset++) {
        data.set(ValueLayout.JAVA_BYTE, offset, (byte) random.nextInt());
      }
      tensors.add(new StoredTensor("tensor " + index, dtype, shape, data));
    }
    return tensors;
  }

  private static void assertEqualTensors(
      List<StoredTensor> written, List<StoredTensor> read, long seed) {
    assertEquals(written.size(), read.size(), "seed=" + seed);
    for (StoredTensor actual : read) {
      StoredTensor expected =
          written.stream().filter(t -> t.name().equals(actual.name())).findFirst().orElseThrow();
      assertEquals(expected.dtype(), actual.dtype(), "seed=" + seed);
      assertEquals(expected.shape(), actual.shape(), "seed=" + seed);
      assertEquals(-1, expected.data().mismatch(actual.data()), "seed=" + seed);
      assertTrue(actual.data().isReadOnly() && actual.data().isNative(), "seed=" + seed);
      assertTrue(
          actual.data().byteSize() == 0 || AlignedMemory.isAligned(actual.data()), "seed=" + seed);
    }
  }

  /// Sizes 4, 64, 4, 128: the file has 64, 128, 4, 4.
  @Test
  void tensorsOfWholeCacheLinesComeFirstAndStayAligned() {
    Path path = folder.resolve("ordered.safetensors");
    try (Arena arena = Arena.ofConfined()) {
      List<StoredTensor> tensors = new ArrayList<>();
      for (long floats : new long[] {1, 16, 1, 32}) {
        MemorySegment data = AlignedMemory.allocateFloats(arena, floats).asSlice(0, floats * 4);
        tensors.add(new StoredTensor("t" + tensors.size(), DType.F32, List.of(floats), data));
      }
      SafetensorsFile.write(path, Map.of(), tensors);
    }
    List<TensorEntry> entries = SafetensorsFile.readHeader(path).tensors();
    assertEquals(List.of("t1", "t3", "t0", "t2"), entries.stream().map(TensorEntry::name).toList());
    assertEquals(192, entries.get(2).beginBytes());
  }

  /// 55 bytes of JSON and no padding put the data at byte 63: what another program may write.
  @ParameterizedTest
  @EnumSource(Placement.class)
  void unalignedTensorsOfOtherProgramsAreCopiedToAlignedMemory(Placement placement)
      throws IOException {
    String json = "{\"ab\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    Path path = FileBytes.write(folder, "f", FileBytes.of(json, FileBytes.hex("0000803f000020c0")));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = SafetensorsFile.read(path, arena, placement).tensors().getFirst().data();
      assertTrue(AlignedMemory.isAligned(data));
      assertEquals(1f, data.get(ValueLayout.JAVA_FLOAT, 0));
      assertEquals(-2.5f, data.get(ValueLayout.JAVA_FLOAT, 4));
    }
  }

  /// As PyTorch's writer leaves them: keys in any order, white space between, tensors listed out of place.
  @Test
  void validFilesOfOtherProgramsAreRead() throws IOException {
    String json =
        "{ \"b\" : {\"data_offsets\":[4, 6],\"shape\":[],\"dtype\":\"BF16\"},\n"
            + "\"a\":{\"shape\":[2,2],\"dtype\":\"I8\",\"data_offsets\":[0,4]},"
            + "\"none\":{\"dtype\":\"F64\",\"shape\":[3,0],\"data_offsets\":[6,6]},"
            + "\"__metadata__\":{\"format\":\"pt\"}}   ";
    Path path = FileBytes.write(folder, "f", FileBytes.of(json, FileBytes.hex("01ff03fc803f")));
    try (Arena arena = Arena.ofConfined()) {
      SafetensorsFile file = SafetensorsFile.read(path, arena, Placement.MAPPED);
      assertEquals(Map.of("format", "pt"), file.header().metadata());
      List<StoredTensor> tensors = file.tensors();
      assertEquals(List.of("a", "b", "none"), tensors.stream().map(StoredTensor::name).toList());
      assertEquals(-4, tensors.get(0).data().get(ValueLayout.JAVA_BYTE, 3));
      assertEquals(0x3f80, tensors.get(1).data().get(ValueLayout.JAVA_SHORT, 0));
      assertEquals(0, tensors.get(2).data().byteSize());
    }
  }

  @Test
  void aFileWithoutTensorsIsRead() throws IOException {
    Path path = FileBytes.write(folder, "f", FileBytes.of("{}", new byte[0]));
    assertEquals(List.of(), SafetensorsFile.readHeader(path).tensors());
  }

  @Test
  void everyTruncationIsNamedWithBothLengths() throws IOException {
    String json = "{\"ab\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    byte[] whole = FileBytes.of(json, new byte[8]);
    for (int length = 0; length < whole.length; length++) {
      Path path = FileBytes.write(folder, "f", Arrays.copyOf(whole, length));
      FormatException e =
          assertThrows(FormatException.class, () -> SafetensorsFile.readHeader(path));
      int expected = length < 8 ? 8 : length < 63 ? 63 : 71;
      assertEquals(
          "safetensors file truncated: path="
              + path
              + ", expectedBytes="
              + expected
              + ", actualBytes="
              + length,
          e.getMessage());
    }
  }

  @Test
  void trailingBytesAreNamedWithBothLengths() throws IOException {
    String json = "{\"ab\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    Path path = FileBytes.write(folder, "f", FileBytes.of(json, new byte[9]));
    FormatException e = assertThrows(FormatException.class, () -> SafetensorsFile.readHeader(path));
    assertEquals(
        "safetensors file has trailing bytes: path=" + path + ", expectedBytes=71, actualBytes=72",
        e.getMessage());
  }

  @Test
  void filesThatCannotBeReadSayWhy() {
    Path missing = folder.resolve("missing");
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> SafetensorsFile.readHeader(missing));
    assertEquals(
        "cannot read safetensors file: path="
            + missing
            + ", reason=no such file or folder "
            + missing,
        e.getMessage());
    e = assertThrows(UncheckedIOException.class, () -> SafetensorsFile.readHeader(folder));
    assertEquals(
        "cannot read safetensors file: path=" + folder + ", reason=not a regular file",
        e.getMessage());
  }

  @Test
  void whatAReaderWouldRefuseIsNotWritten() {
    Path path = folder.resolve("refused");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = AlignedMemory.allocateFloats(arena, 16);
      StoredTensor tensor = new StoredTensor("a", DType.F32, List.of(16L), data);
      refused(() -> SafetensorsFile.write(path, Map.of(), List.of(tensor, tensor)));
      refused(() -> SafetensorsFile.write(path, Map.of("k\n", "v"), List.of(tensor)));
      refused(() -> SafetensorsFile.write(path, Map.of("k", "\u001b[2J"), List.of(tensor)));
      refused(() -> SafetensorsFile.write(path, Map.of("k", "\uD800"), List.of(tensor)));
      refused(() -> new StoredTensor("a", DType.F32, List.of(17L), data));
      refused(() -> new StoredTensor("a", DType.F32, List.of(-16L), data));
      refused(() -> new StoredTensor("a", DType.F32, List.of(1L << 62, 4L), data));
      refused(() -> new StoredTensor("", DType.F32, List.of(16L), data));
      refused(() -> new StoredTensor("__metadata__", DType.F32, List.of(16L), data));
      MemorySegment heap = MemorySegment.ofArray(new byte[64]);
      refused(() -> new StoredTensor("a", DType.F32, List.of(16L), heap));
    }
    assertTrue(Files.notExists(path));
  }

  private static void refused(Runnable action) {
    assertThrows(IllegalArgumentException.class, action::run);
  }
}
