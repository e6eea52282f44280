package dev.sluice.experiment;

import dev.sluice.format.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The records of a folder: a line of JSON each, on the disk when [#append] returns. A line that a killed process left unfinished is cut off
/// when the file is opened again. One process at a time.
final class RecordFile implements AutoCloseable {
  private static final String NAME = "records.jsonl";

  private final Path path;
  private final FileChannel lock;
  private final Map<Cell, FrontierRecord> records = new TreeMap<>();

  private RecordFile(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /// @throws IllegalStateException if another process has it open, or a line is not a record
  static RecordFile open(Path folder) {
    try {
      RecordFile file = new RecordFile(folder.resolve(NAME), lock(folder));
      try {
        file.read();
        return file;
      } catch (Throwable e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot open records: folder=" + folder + ", reason=" + e.getMessage(), e);
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // this process has it, which is as bad
    }
    channel.close();
    throw new IllegalStateException("another frontier is writing here: folder=" + folder);
  }

  private void read() throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    byte[] bytes = Files.readAllBytes(path);
    int from = 0;
    for (int line = 1; from < bytes.length; line++) {
      int end = from;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      if (end == bytes.length) {
        truncate(from);
        return;
      }
      add(new String(bytes, from, end - from, StandardCharsets.UTF_8), line);
      from = end + 1;
    }
  }

  private void add(String text, int line) {
    try {
      FrontierRecord record = RecordJson.parse(text);
      records.put(record.cell(), record);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "records are damaged: path=" + path + ", line=" + line + ", " + e.getMessage(), e);
    }
  }

  private void truncate(long length) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(length);
      channel.force(true);
    }
  }

  synchronized @Nullable FrontierRecord find(Cell cell) {
    return records.get(cell);
  }

  /// In the order of cells.
  synchronized List<FrontierRecord> all() {
    return List.copyOf(records.values());
  }

  /// In one write, forced to the disk; after a failure the file is as it was.
  synchronized void append(FrontierRecord record) {
    ByteBuffer line = ByteBuffer.wrap(line(record));
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      long length = channel.size();
      try {
        while (line.hasRemaining()) {
          channel.write(line);
        }
        channel.force(true);
      } catch (IOException e) {
        truncate(length);
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write record: path=" + path + ", reason=" + e.getMessage(), e);
    }
    records.put(record.cell(), record);
  }

  /// Puts records in the place of those of the same cells, and the whole file in the order of cells.
  synchronized void replace(Collection<FrontierRecord> changed) {
    changed.forEach(record -> records.put(record.cell(), record));
    AtomicFile.replace(
        "records",
        path,
        channel -> {
          for (FrontierRecord record : records.values()) {
            ByteBuffer line = ByteBuffer.wrap(line(record));
            while (line.hasRemaining()) {
              channel.write(line);
            }
          }
        });
  }

  private static byte[] line(FrontierRecord record) {
    return (RecordJson.format(record) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot release records: path=" + path, e);
    }
  }
}
