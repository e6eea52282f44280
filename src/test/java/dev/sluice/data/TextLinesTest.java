package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextLinesTest {
  @TempDir Path folder;

  private List<String> lines(byte[] content) throws IOException {
    Path path = Files.write(folder.resolve("t.txt"), content);
    List<String> all = new ArrayList<>();
    try (TextLines lines = TextLines.open(path)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        all.add(line);
        assertEquals(all.size(), lines.line());
      }
    }
    return all;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(content);
    }
    return zipped.toByteArray();
  }

  @Test
  void aLineEndsAtALineFeedAlone() throws IOException {
    assertEquals(
        List.of("a\u0085b\u2028c", "", "d\re", "f"), lines(utf8("a\u0085b\u2028c\n\nd\re\r\nf")));
    assertEquals(List.of(), lines(new byte[0]));
    assertEquals(List.of("x"), lines(utf8("x\n")));
  }

  /// 65,536 is the size of the buffer.
  @Test
  void linesMayStraddleTheBuffer() throws IOException {
    for (int length : new int[] {65_535, 65_536, 65_537, 200_000}) {
      String line = "é".repeat(length / 2) + "x".repeat(length % 2);
      assertEquals(List.of(line, "y"), lines(utf8(line + "\ny")));
      assertEquals(List.of(line, "y"), lines(gzip(utf8(line + "\ny\n"))));
    }
  }

  @Test
  void whatIsNoTextIsRefusedWithItsLine() throws IOException {
    Complaint.of(
        () -> lines(new byte[] {'a', '\n', (byte) 0xc3, '(', '\n'}),
        "text is not UTF-8: path=",
        "t.txt, line=2");
    byte[] zipped = gzip(utf8("a line\n".repeat(100)));
    Complaint.of(
        () -> lines(Arrays.copyOf(zipped, zipped.length - 9)), "gzip stream truncated", "line=");
    Complaint.of(() -> TextLines.open(folder.resolve("none")), "data file missing: path=");
  }
}
