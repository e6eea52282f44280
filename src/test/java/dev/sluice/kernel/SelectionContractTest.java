package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.memory.AlignedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Lists of non-zeros, exactly, in every implementation and width, interpreted and compiled.
class SelectionContractTest {
  private static final ImplementationsRun RUN = new ImplementationsRun();

  /// Around the lanes of every width, and widths of real layers.
  private static final int[] COUNTS = {0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 63, 64, 65, 207, 784};

  static Stream<Kernels> implementations() {
    return KernelProvider.all().stream();
  }

  @AfterAll
  static void everyWidthOfThisMachineRan() {
    RUN.assertComplete(5_000_000);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void nonZerosAreListedWhateverTheirShareAndKind(Kernels kernels) {
    for (long seed = 1; seed <= 400; seed++) {
      Random random = new Random(seed);
      int count = COUNTS[random.nextInt(COUNTS.length)];
      double share = random.nextInt(5) / 4.0;
      float[] values = values(random, count, share);
      int[] expected = nonZeros(values, allOf(count));
      try (Arena arena = Arena.ofConfined()) {
        ActiveSet listed = leftover(count, random);
        kernels.selection().listNonZeros(segment(arena, values), count, listed);
        assertThat(listed.toString())
            .as("%s, count=%d, seed=%d", kernels.name(), count, seed)
            .isEqualTo(Arrays.toString(expected));
      }
      RUN.add(kernels, count);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void onlyMembersAreListedHoweverTheyLie(Kernels kernels) {
    for (long seed = 1; seed <= 2000; seed++) {
      Random random = new Random(seed);
      int count = COUNTS[random.nextInt(COUNTS.length)];
      ActiveSet among = members(random, count);
      float[] values = values(random, count, random.nextInt(5) / 4.0);
      int[] expected = nonZeros(values, among);
      try (Arena arena = Arena.ofConfined()) {
        ActiveSet listed = leftover(count, random);
        kernels.selection().listNonZeros(segment(arena, values), among, listed);
        assertThat(listed.toString())
            .as("%s, among=%s, seed=%d", kernels.name(), among, seed)
            .isEqualTo(Arrays.toString(expected));
      }
      RUN.add(kernels, count);
    }
  }

  /// Some 60 000 turns of each loop see to it that the JIT's code runs, too.
  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void compiledLoopsListTheSame(Kernels kernels) {
    int count = 784;
    Random random = new Random(7);
    float[] values = values(random, count, 0.5);
    ActiveSet among = new ActiveSet(count);
    among.setToUnitsOf(everySecond(count / 16), 16);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = segment(arena, values);
      ActiveSet all = new ActiveSet(count);
      ActiveSet some = new ActiveSet(count);
      for (int call = 0; call < 5000; call++) {
        kernels.selection().listNonZeros(x, count, all);
        kernels.selection().listNonZeros(x, among, some);
      }
      assertThat(all.toString()).isEqualTo(Arrays.toString(nonZeros(values, allOf(count))));
      assertThat(some.toString()).isEqualTo(Arrays.toString(nonZeros(values, among)));
    }
    RUN.add(kernels, 10_000 * count);
  }

  private static ActiveSet allOf(int count) {
    return ActiveSet.all(count);
  }

  private static ActiveSet everySecond(int blocks) {
    ActiveSet set = new ActiveSet(blocks);
    for (int block = 0; block < blocks; block += 2) {
      set.add(block);
    }
    return set;
  }

  /// Single units, or runs of a block.
  private static ActiveSet members(Random random, int count) {
    ActiveSet members = new ActiveSet(count);
    int run = random.nextBoolean() ? 1 : 8 << random.nextInt(3);
    for (int from = 0; from < count; from += run) {
      if (random.nextBoolean()) {
        for (int k = from; k < Math.min(from + run, count); k++) {
          members.add(k);
        }
      }
    }
    return members;
  }

  private static ActiveSet leftover(int capacity, Random random) {
    ActiveSet set = new ActiveSet(capacity);
    for (int k = 0; k < capacity; k++) {
      if (random.nextBoolean()) {
        set.add(k);
      }
    }
    return set;
  }

  private static float[] values(Random random, int count, double share) {
    float[] values = GuardedFloats.wild(random, count);
    for (int k = 0; k < count; k++) {
      if (random.nextDouble() >= share) {
        values[k] = random.nextBoolean() ? 0f : -0f;
      }
    }
    return values;
  }

  /// By the bits, so that the oracle shares no comparison with what it judges.
  private static int[] nonZeros(float[] values, ActiveSet among) {
    return Arrays.stream(among.indices(), 0, among.count())
        .filter(k -> (Float.floatToRawIntBits(values[k]) & 0x7FFF_FFFF) != 0)
        .toArray();
  }

  private static MemorySegment segment(Arena arena, float[] values) {
    MemorySegment x = AlignedMemory.allocateFloats(arena, values.length);
    MemorySegment.copy(values, 0, x, AlignedMemory.FLOAT, 0, values.length);
    return x;
  }
}
