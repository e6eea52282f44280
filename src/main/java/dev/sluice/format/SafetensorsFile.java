package dev.sluice.format;

import dev.sluice.memory.AlignedMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Any valid safetensors file, Sluice's or not; nothing here knows models or checksums, see [TensorBundle] for those.
///
/// @param tensors in the order of `header.tensors()`
public record SafetensorsFile(SafetensorsHeader header, List<StoredTensor> tensors) {
  private static final String NOUN = "safetensors file";

  public SafetensorsFile {
    tensors = List.copyOf(tensors);
  }

  /// Reads and proves the header alone.
  public static SafetensorsHeader readHeader(Path path) {
    FileOrigin origin = new FileOrigin(NOUN, path);
    try (FileChannel channel = open(path)) {
      return header(origin, channel);
    } catch (IOException e) {
      throw origin.failure("read", e);
    }
  }

  /// Opens all tensors in memory of `arena`. Tensors that the file does not align to 64 bytes are copied to memory that is
  /// aligned, whatever `placement` says.
  ///
  /// @throws FormatException if the file is not safetensors or damaged
  /// @throws java.io.UncheckedIOException if it cannot be read
  public static SafetensorsFile read(Path path, Arena arena, Placement placement) {
    return read(new FileOrigin(NOUN, path), arena, placement);
  }

  static SafetensorsFile read(FileOrigin origin, Arena arena, Placement placement) {
    try (FileChannel channel = open(origin.path())) {
      SafetensorsHeader header = header(origin, channel);
      boolean isMapped =
          placement == Placement.MAPPED
              && header.tensors().stream().anyMatch(tensor -> isAligned(header, tensor));
      MemorySegment mapped =
          isMapped
              ? channel.map(FileChannel.MapMode.READ_ONLY, 0, header.fileBytes(), arena)
              : MemorySegment.NULL;
      List<StoredTensor> tensors = new ArrayList<>();
      for (TensorEntry entry : header.tensors()) {
        long offsetBytes = header.fileOffsetBytes(entry);
        MemorySegment data =
            isMapped && isAligned(header, entry)
                ? mapped.asSlice(offsetBytes, entry.bytes())
                : copied(origin, channel, offsetBytes, entry.bytes(), arena).asReadOnly();
        tensors.add(new StoredTensor(entry.name(), entry.dtype(), entry.shape(), data));
      }
      return new SafetensorsFile(header, tensors);
    } catch (IOException e) {
      throw origin.failure("read", e);
    }
  }

  /// Replaces or creates a file; see [AtomicFile] for what happens on failure. Equal content makes equal bytes. Tensors whose
  /// size is a multiple of 64 bytes come first, so that all of them are aligned.
  public static void write(Path path, Map<String, String> metadata, List<StoredTensor> tensors) {
    write(new FileOrigin(NOUN, path), metadata, tensors, AtomicFile.ON_DISK);
  }

  static void write(
      FileOrigin origin,
      Map<String, String> metadata,
      List<StoredTensor> tensors,
      AtomicFile.Opener opener) {
    List<StoredTensor> ordered = HeaderWriter.inFileOrder(tensors);
    byte[] header = HeaderWriter.bytes(origin, metadata, ordered);
    AtomicFile.replace(
        origin,
        channel -> {
          AtomicFile.writeFully(channel, ByteBuffer.wrap(header));
          for (StoredTensor tensor : ordered) {
            SegmentBuffers.<IOException>forEach(
                tensor.data(), (offset, buffer) -> AtomicFile.writeFully(channel, buffer));
          }
        },
        opener);
  }

  private static FileChannel open(Path path) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      // a pipe would block, a folder gives a message that differs from system to system
      throw new FileSystemException(path.toString(), null, "not a regular file");
    }
    return FileChannel.open(path, StandardOpenOption.READ);
  }

  private static SafetensorsHeader header(FileOrigin origin, FileChannel channel)
      throws IOException {
    long fileBytes = channel.size();
    requireFileBytes(origin, SafetensorsHeader.LENGTH_BYTES, fileBytes);
    byte[] length = new byte[SafetensorsHeader.LENGTH_BYTES];
    readFully(origin, channel, 0, ByteBuffer.wrap(length));
    long headerBytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (headerBytes < 0 || headerBytes > SafetensorsHeader.MAXIMUM_HEADER_BYTES) {
      throw origin.problem(
          "is not safetensors or has a damaged header length",
          "headerBytes="
              + Long.toUnsignedString(headerBytes)
              + ", limitBytes="
              + SafetensorsHeader.MAXIMUM_HEADER_BYTES);
    }
    requireFileBytes(origin, SafetensorsHeader.LENGTH_BYTES + headerBytes, fileBytes);
    byte[] header = new byte[(int) headerBytes];
    readFully(origin, channel, SafetensorsHeader.LENGTH_BYTES, ByteBuffer.wrap(header));
    return HeaderParser.parse(origin, header, fileBytes);
  }

  private static void requireFileBytes(FileOrigin origin, long expectedBytes, long actualBytes) {
    if (actualBytes < expectedBytes) {
      throw origin.problem(
          "truncated", "expectedBytes=" + expectedBytes + ", actualBytes=" + actualBytes);
    }
  }

  private static boolean isAligned(SafetensorsHeader header, TensorEntry tensor) {
    return header.fileOffsetBytes(tensor) % AlignedMemory.ALIGNMENT_BYTES == 0;
  }

  private static MemorySegment copied(
      FileOrigin origin, FileChannel channel, long offsetBytes, long bytes, Arena arena)
      throws IOException {
    MemorySegment copy = AlignedMemory.allocate(arena, bytes).asSlice(0, bytes);
    SegmentBuffers.<IOException>forEach(
        copy, (offset, buffer) -> readFully(origin, channel, offsetBytes + offset, buffer));
    return copy;
  }

  /// The length was checked before; a file that ends here was cut while it was read.
  private static void readFully(
      FileOrigin origin, FileChannel channel, long offsetBytes, ByteBuffer buffer)
      throws IOException {
    long position = offsetBytes;
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer, position);
      if (count < 0) {
        requireFileBytes(origin, position + buffer.remaining(), position);
      }
      position += count;
    }
  }
}
