package dev.sluice.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// What else a JVM does with the Vector API before Sluice is measured in it: loops over segments on `float[]`, on `byte[]` and on a mapped
/// file, in several widths, each until it is compiled. The type profiles of the JDK's shared code then know many kinds of memory.
final class Pollution {
  private static final int FLOATS = 1024;
  private static final int BYTES = FLOATS * Float.BYTES;
  private static final long NANOS_PER_LOOP = 150_000_000L;
  private static final float FACTOR = 0.5f;
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);
  private static final VectorSpecies<Byte> BYTE_LANES = ByteVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOAT_LANES = FloatVector.SPECIES_PREFERRED;

  private Pollution() {}

  /// A loop over two segments of the same kind.
  private interface Loop {
    void run(MemorySegment x, MemorySegment y);
  }

  /// @throws IllegalStateException if a loop computed something wrong
  static void run() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mapped = mapped(arena);
      pollute("float[]", segment(new float[FLOATS]), segment(new float[FLOATS]));
      pollute("byte[]", segment(new byte[BYTES]), segment(new byte[BYTES]));
      pollute("mapped", mapped.asSlice(0, BYTES), mapped.asSlice(BYTES, BYTES));
    }
  }

  private static MemorySegment segment(float[] values) {
    return MemorySegment.ofArray(values);
  }

  private static MemorySegment segment(byte[] values) {
    return MemorySegment.ofArray(values);
  }

  private static MemorySegment mapped(Arena arena) {
    try {
      Path file = Files.createTempFile("sluice-pollution", ".bin");
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        return channel.map(FileChannel.MapMode.READ_WRITE, 0, 2L * BYTES, arena);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("pollution cannot map a file", e);
    }
  }

  private static void pollute(String kind, MemorySegment x, MemorySegment y) {
    List<Loop> loops =
        List.of(
            Pollution::add128,
            Pollution::add256,
            Pollution::add512,
            Pollution::addInBytes,
            Pollution::dotIntoFirst);
    for (int index = 0; index < loops.size(); index++) {
      Loop loop = loops.get(index);
      long end = System.nanoTime() + NANOS_PER_LOOP;
      while (System.nanoTime() - end < 0) {
        fill(x, y);
        loop.run(x, y);
      }
      requireRight(kind + " loop=" + index, index, y);
    }
  }

  private static void fill(MemorySegment x, MemorySegment y) {
    for (int index = 0; index < FLOATS; index++) {
      x.set(FLOAT, (long) index * Float.BYTES, index % 7);
    }
    y.fill((byte) 0);
  }

  private static void requireRight(String what, int loop, MemorySegment y) {
    for (int index = 0; index < FLOATS; index++) {
      float sum = FACTOR * (index % 7);
      float expected =
          switch (loop) {
            case 3 -> index % 7;
            case 4 -> index == 0 ? squares() : 0;
            default -> sum;
          };
      float actual = y.get(FLOAT, (long) index * Float.BYTES);
      if (actual != expected) {
        throw new IllegalStateException(
            "refusing to time, pollution computed something else: what="
                + what
                + ", index="
                + index
                + ", expected="
                + expected
                + ", actual="
                + actual);
      }
    }
  }

  private static float squares() {
    int sum = 0;
    for (int index = 0; index < FLOATS; index++) {
      sum += (index % 7) * (index % 7);
    }
    return sum;
  }

  private static void add128(MemorySegment x, MemorySegment y) {
    add(FloatVector.SPECIES_128, x, y);
  }

  private static void add256(MemorySegment x, MemorySegment y) {
    add(FloatVector.SPECIES_256, x, y);
  }

  private static void add512(MemorySegment x, MemorySegment y) {
    add(FloatVector.SPECIES_512, x, y);
  }

  private static void add(VectorSpecies<Float> species, MemorySegment x, MemorySegment y) {
    for (long at = 0; at < BYTES; at += species.vectorByteSize()) {
      FloatVector sum = FloatVector.fromMemorySegment(species, y, at, ORDER);
      FloatVector.fromMemorySegment(species, x, at, ORDER)
          .lanewise(VectorOperators.FMA, FloatVector.broadcast(species, FACTOR), sum)
          .intoMemorySegment(y, at, ORDER);
    }
  }

  private static void addInBytes(MemorySegment x, MemorySegment y) {
    for (long at = 0; at < BYTES; at += BYTE_LANES.vectorByteSize()) {
      ByteVector.fromMemorySegment(BYTE_LANES, x, at, ORDER)
          .lanewise(VectorOperators.OR, ByteVector.fromMemorySegment(BYTE_LANES, y, at, ORDER))
          .intoMemorySegment(y, at, ORDER);
    }
  }

  private static void dotIntoFirst(MemorySegment x, MemorySegment y) {
    FloatVector sum = FloatVector.zero(FLOAT_LANES);
    for (long at = 0; at < BYTES; at += FLOAT_LANES.vectorByteSize()) {
      FloatVector values = FloatVector.fromMemorySegment(FLOAT_LANES, x, at, ORDER);
      sum = values.fma(values, sum);
    }
    y.set(FLOAT, 0, sum.reduceLanes(VectorOperators.ADD));
  }
}
