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
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
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

  /// A loop over two segments of the same kind, and what it leaves in `y[index]`.
  private record Loop(BiConsumer<MemorySegment, MemorySegment> body, IntFunction<Float> expected) {}

  /// @param kind `false`: nothing. `true`: all of what follows. To find out what hurts: `float-arrays`, `byte-arrays`, `mapped` are those
  ///     segments with vectors of the preferred width, `widths` is native memory with vectors of 128, 256 and 512 bits
  /// @throws IllegalStateException if a loop computed something wrong
  static void run(String kind) {
    if (!List.of("false", "true", "float-arrays", "byte-arrays", "mapped", "widths")
        .contains(kind)) {
      throw new IllegalArgumentException("unknown pollution: polluted=" + kind);
    }
    boolean isAll = kind.equals("true");
    List<Loop> loops = isAll ? allLoops() : kind.equals("widths") ? threeWidths() : preferred();
    try (Arena arena = Arena.ofConfined()) {
      if (isAll || kind.equals("float-arrays")) {
        pollute(loops, segment(new float[FLOATS]), segment(new float[FLOATS]));
      }
      if (isAll || kind.equals("byte-arrays")) {
        pollute(loops, segment(new byte[BYTES]), segment(new byte[BYTES]));
      }
      if (isAll || kind.equals("mapped")) {
        MemorySegment mapped = mapped(arena);
        pollute(loops, mapped.asSlice(0, BYTES), mapped.asSlice(BYTES, BYTES));
      }
      if (kind.equals("widths")) {
        pollute(loops, arena.allocate(BYTES, Float.BYTES), arena.allocate(BYTES, Float.BYTES));
      }
    }
  }

  private static List<Loop> allLoops() {
    return Stream.concat(threeWidths().stream(), preferred().stream()).toList();
  }

  private static List<Loop> threeWidths() {
    IntFunction<Float> halves = index -> FACTOR * (index % 7);
    return List.of(
        new Loop(Pollution::add128, halves),
        new Loop(Pollution::add256, halves),
        new Loop(Pollution::add512, halves));
  }

  private static List<Loop> preferred() {
    return List.of(
        new Loop(Pollution::addPreferred, index -> FACTOR * (index % 7)),
        new Loop(Pollution::joinBytes, index -> (float) (index % 7)),
        new Loop(Pollution::dotIntoFirst, index -> index == 0 ? squares() : 0f));
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

  private static void pollute(List<Loop> loops, MemorySegment x, MemorySegment y) {
    for (int index = 0; index < loops.size(); index++) {
      Loop loop = loops.get(index);
      long end = System.nanoTime() + NANOS_PER_LOOP;
      while (System.nanoTime() - end < 0) {
        fill(x, y);
        loop.body.accept(x, y);
      }
      requireRight("loop=" + index + ", memory=" + x.heapBase(), loop, y);
    }
  }

  private static void fill(MemorySegment x, MemorySegment y) {
    for (int index = 0; index < FLOATS; index++) {
      x.set(FLOAT, (long) index * Float.BYTES, index % 7);
    }
    y.fill((byte) 0);
  }

  private static void requireRight(String what, Loop loop, MemorySegment y) {
    for (int index = 0; index < FLOATS; index++) {
      float actual = y.get(FLOAT, (long) index * Float.BYTES);
      float expected = loop.expected.apply(index);
      if (actual != expected) {
        throw new IllegalStateException(
            "refusing to time, pollution computed something else: "
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

  private static void addPreferred(MemorySegment x, MemorySegment y) {
    add(FLOAT_LANES, x, y);
  }

  private static void add(VectorSpecies<Float> species, MemorySegment x, MemorySegment y) {
    for (long at = 0; at < BYTES; at += species.vectorByteSize()) {
      FloatVector sum = FloatVector.fromMemorySegment(species, y, at, ORDER);
      FloatVector.fromMemorySegment(species, x, at, ORDER)
          .lanewise(VectorOperators.FMA, FloatVector.broadcast(species, FACTOR), sum)
          .intoMemorySegment(y, at, ORDER);
    }
  }

  private static void joinBytes(MemorySegment x, MemorySegment y) {
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
