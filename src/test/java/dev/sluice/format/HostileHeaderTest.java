package dev.sluice.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileHeaderTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_001, 0x04034b50L << 32})
  void headerLengthsPastTheLimitAreRejectedBeforeAnythingIsAllocated(long length)
      throws IOException {
    FormatException e = rejected(FileBytes.withLength(length, "{}", new byte[0]));
    assertTrue(
        e.getMessage()
            .endsWith("headerBytes=" + Long.toUnsignedString(length) + ", limitBytes=100000000"),
        e.getMessage());
  }

  /// Each row is a header over 32 bytes of data; `T` stands for a valid start of an entry.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|is not safetensors: path=*, offset=8, expected='{', actual=nothing",
        "PK|is not safetensors: path=*, offset=8, expected='{', actual=0x50",
        "[]|is not safetensors: path=*, offset=8, expected='{', actual=0x5b",
        "{} x|text after the header: offset=11, expected='}' and spaces, actual=0x78",
        "`{}\t`|text after the header: offset=10, expected='}' and spaces, actual=0x09",
        "{\"a\":1}|wrong type in header: key=a, expected=object, actual=whole number",
        "{\"a\":{}}|missing key in header: key=a.dtype",
        "{T[8],\"data_offsets\":[0,32],\"x\":1}}|unknown key in header: key=a.x",
        "{T[8],\"data_offsets\":[0,32]},T[8],\"data_offsets\":[0,32]}}|duplicate key: key=a",
        "{T[8],\"data_offsets\":[0,32],\"shape\":[8]}}|duplicate key: key=shape",
        "{T[8],\"data_offsets\":[0,31]}}|offsets differ from shape in header: key=a.data_offsets,"
            + " dtype=F32, shape=[8], expectedBytes=32, actualBytes=31",
        "{T[8],\"data_offsets\":[32,0]}}|bad offsets in header: key=a.data_offsets",
        "{T[8],\"data_offsets\":[-32,0]}}|bad offsets in header: key=a.data_offsets",
        "{T[8],\"data_offsets\":[0,32,64]}}|bad offsets in header",
        "{T[8],\"data_offsets\":[0]}}|bad offsets in header",
        "{T[8],\"data_offsets\":[0,32.0]}}|wrong type in header: key=a.data_offsets[1],"
            + " expected=whole number, actual=fraction",
        "{T[8],\"data_offsets\":[0,18446744073709551616]}}|whole number exceeds 64 bits",
        "{T[-8],\"data_offsets\":[0,32]}}|invalid value in header: key=a.shape, reason=tensor has a"
            + " negative extent",
        "{T[4611686018427387904,4],\"data_offsets\":[0,0]}}|reason=tensor size exceeds 63 bits",
        "{T[9223372036854775807,9223372036854775807,0],\"data_offsets\":[0,0]}}|reason=tensor size"
            + " exceeds 63 bits",
        "{T\"8\",\"data_offsets\":[0,32]}}|wrong type in header: key=a.shape, expected=array,"
            + " actual=string",
        "{T[8],\"data_offsets\":[4,36]}}|gap between tensors: tensor=a, expectedBegin=0,"
            + " actualBegin=4",
        "{T[4],\"data_offsets\":[0,16]},\"b\":{\"dtype\":\"I32\",\"shape\":[4],\"data_offsets\":[12,28]}}|tensors"
            + " overlap: tensor=b, expectedBegin=16, actualBegin=12",
        "{T[4],\"data_offsets\":[0,16]},\"b\":{\"dtype\":\"I32\",\"shape\":[4],\"data_offsets\":[0,16]}}|tensors"
            + " overlap: tensor=b, expectedBegin=16, actualBegin=0",
        "{T[4],\"data_offsets\":[0,16]},\"b\":{\"dtype\":\"I32\",\"shape\":[3],\"data_offsets\":[20,32]}}|gap"
            + " between tensors: tensor=b, expectedBegin=16, actualBegin=20",
        "{T[9],\"data_offsets\":[0,36]}}|truncated: path=*, expectedBytes=",
        "{T[2305843009213693951],\"data_offsets\":[0,9223372036854775804]}}|truncated: path=*,"
            + " expectedBytes=9223372036854775902, actualBytes=130",
        "{T[7],\"data_offsets\":[0,28]}}|has trailing bytes: path=*, expectedBytes=",
        "{}|has trailing bytes: path=*, expectedBytes=10, actualBytes=42",
        "{\"a\":{\"dtype\":\"F31\",\"shape\":[8],\"data_offsets\":[0,32]}}|invalid value in header:"
            + " key=a.dtype, reason=unknown dtype: name=F31, known=[BOOL",
        "{\"\":{\"dtype\":\"F32\",\"shape\":[8],\"data_offsets\":[0,32]}}|empty name or control"
            + " character",
        "{\"a\\n"
            + "b\":{\"dtype\":\"F32\",\"shape\":[8],\"data_offsets\":[0,32]}}|empty name or control"
            + " character",
        "{\"__metadata__\":{\"a\":1}}|wrong type in header: key=__metadata__.a, expected=string",
        "{\"__metadata__\":[]}|wrong type in header: key=__metadata__, expected=object",
        "{\"__metadata__\":{\"a\":\"\\u001b[2J\"}}|control character in header: key=__metadata__.a,"
            + " value=\\u001b[2J",
        "{\"__metadata__\":{},\"__metadata__\":{}}|duplicate key: key=__metadata__",
      })
  void whatIsWrongInAHeaderIsNamedWithTheFile(String header, String message) throws IOException {
    String start = "\"a\":{\"dtype\":\"F32\",\"shape\":";
    FormatException e = rejected(FileBytes.of(header.replace("T", start), new byte[32]));
    String expected = message.replace("*", folder.resolve("hostile").toString());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
    assertTrue(e.getMessage().contains("path=" + folder.resolve("hostile")), e.getMessage());
  }

  @Test
  void deepNestingInAHeaderIsRejected() throws IOException {
    rejected(FileBytes.of("{\"a\":" + "[".repeat(1_000_000) + "}", new byte[0]));
  }

  /// Headers whose numbers and names are shuffled: read or rejected, never anything else.
  @Test
  void randomHeadersGiveTensorsOrAFormatException() throws IOException {
    int read = 0;
    int runs = 4000;
    for (long seed = 0; seed < runs; seed++) {
      byte[] bytes = FileBytes.of(randomHeader(new Random(seed)), new byte[32]);
      Path path = FileBytes.write(folder, "hostile", bytes);
      try (Arena arena = Arena.ofConfined()) {
        SafetensorsFile.read(path, arena, Placement.MAPPED);
        read++;
      } catch (FormatException e) {
        assertTrue(e.getMessage().contains(path.toString()), e.getMessage());
      } catch (RuntimeException | Error e) {
        fail("seed=" + seed, e);
      }
    }
    assertTrue(read > 0 && read < runs / 2, "read=" + read);
  }

  private static String randomHeader(Random random) {
    StringBuilder header = new StringBuilder("{");
    int tensors = 1 + random.nextInt(3);
    long begin = 0;
    for (int index = 0; index < tensors; index++) {
      long end = index == tensors - 1 ? 32 : begin + 4L * random.nextInt(5);
      header
          .append(index == 0 ? "" : ",")
          .append("\"t")
          .append(random.nextInt(10) == 0 ? 0 : index)
          .append("\":{\"dtype\":\"")
          .append(random.nextInt(8) == 0 ? "U8" : "F32")
          .append("\",\"shape\":[")
          .append(damaged((end - begin) / 4, random))
          .append("],\"data_offsets\":[")
          .append(damaged(begin, random))
          .append(",")
          .append(damaged(end, random))
          .append("]}");
      begin = end;
    }
    return header.append("}").toString();
  }

  private static String damaged(long number, Random random) {
    return switch (random.nextInt(40)) {
      case 0 -> String.valueOf(random.nextLong());
      case 1 -> String.valueOf(number + random.nextInt(9) - 4);
      case 2 -> number + ".0";
      case 3 -> "-" + number;
      case 4 -> number + "," + random.nextInt(3);
      case 5 -> "\"" + number + "\"";
      default -> String.valueOf(number);
    };
  }

  private FormatException rejected(byte[] bytes) throws IOException {
    Path path = FileBytes.write(folder, "hostile", bytes);
    FormatException header =
        assertThrows(FormatException.class, () -> SafetensorsFile.readHeader(path));
    try (Arena arena = Arena.ofConfined()) {
      FormatException whole =
          assertThrows(
              FormatException.class, () -> SafetensorsFile.read(path, arena, Placement.MAPPED));
      assertEquals(header.getMessage(), whole.getMessage());
    }
    return header;
  }
}
