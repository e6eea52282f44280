package dev.sluice.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HardwareFlopsTest {
  private static final String AMD = "vendor_id : AuthenticAMD\ncpu family : 26\nmodel : 2\n";
  private static final String INTEL = "vendor_id : GenuineIntel\ncpu family : 6\nmodel : 143\n";

  /// `FIONREAD`, which an emulator of another architecture passes on; requests of counters it refuses itself.
  private static final long BYTES_TO_READ = 0x541B;

  /// A kernel that keeps counters in memory.
  private static final class FakeKernel implements PerfCalls {
    final Map<Integer, Long> configs = new LinkedHashMap<>();
    final Map<Integer, Long> counts = new LinkedHashMap<>();
    final List<String> log = new ArrayList<>();
    final TreeSet<Integer> open = new TreeSet<>();
    int failsAtOpen = -1;
    int errno;
    long sharedNanos;
    long readBytes = 24;
    long controlResult;

    @Override
    public long open(MemorySegment attr) {
      if (configs.size() == failsAtOpen) {
        return -errno;
      }
      int descriptor = 10 + configs.size();
      configs.put(descriptor, attr.get(ValueLayout.JAVA_LONG, 8));
      open.add(descriptor);
      return descriptor;
    }

    @Override
    public long control(int descriptor, long request) {
      log.add(descriptor + ":" + Long.toHexString(request));
      return controlResult;
    }

    @Override
    public long read(int descriptor, MemorySegment reading) {
      reading.set(ValueLayout.JAVA_LONG, 0, counts.getOrDefault(descriptor, 0L));
      reading.set(ValueLayout.JAVA_LONG, 8, 1000);
      reading.set(ValueLayout.JAVA_LONG, 16, 1000 - sharedNanos);
      return readBytes;
    }

    @Override
    public long close(int descriptor) {
      assertThat(open.remove(descriptor)).as("closed once").isTrue();
      return 0;
    }

    @Override
    public long vectorBytes() {
      return -22;
    }
  }

  private static void assertNotMeasured(HardwareFlops flops, String... parts) {
    assertThat(flops.isAvailable()).isFalse();
    assertThat(flops.reason()).contains(parts);
    assertThat(flops.events()).isEmpty();
    flops.start();
    flops.stop();
    assertThat(flops.readFlops()).isEmpty();
  }

  @Test
  void countsAreWeightedByTheElementsOfTheirInstructions() {
    FakeKernel kernel = new FakeKernel();
    try (HardwareFlops flops = HardwareFlops.open(kernel, INTEL, "2")) {
      assertThat(flops.isAvailable()).isTrue();
      assertThat(kernel.configs.values()).containsExactly(0x03C7L, 0x18C7L, 0x60C7L, 0x80C7L);
      assertThat(flops.readFlops()).as("before start").isEmpty();
      flops.start();
      kernel.counts.putAll(Map.of(10, 7L, 11, 5L, 12, 3L, 13, 2L));
      flops.stop();
      assertThat(flops.readFlops()).isEqualTo(OptionalLong.of(7 + 5 * 4 + 3 * 8 + 2 * 16));
    }
    assertThat(kernel.open).isEmpty();
  }

  @Test
  void startingSetsBackAndSwitchesOnAndStoppingSwitchesOff() {
    FakeKernel kernel = new FakeKernel();
    try (HardwareFlops flops = HardwareFlops.open(kernel, AMD, "2")) {
      flops.start();
      flops.stop();
      assertThat(kernel.log).containsExactly("10:2403", "10:2400", "10:2401");
      assertThat(flops.events()).containsExactly("fp_ret_sse_avx_ops.all");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, may not be read", "13, perf_event_paranoid=4", "2, offers no such counter",
    "19, offers no such counter", "95, offers no such counter", "38, has no perf_event_open",
    "16, in use", "24, failed"
  })
  void aRefusalIsAReasonAndNeverANumber(int errno, String part) {
    FakeKernel kernel = new FakeKernel();
    kernel.failsAtOpen = 0;
    kernel.errno = errno;
    assertNotMeasured(HardwareFlops.open(kernel, AMD, "4"), part, "errno=" + errno);
  }

  @Test
  void countersOpenedBeforeARefusalAreClosed() {
    FakeKernel kernel = new FakeKernel();
    kernel.failsAtOpen = 3;
    kernel.errno = 2;
    assertNotMeasured(HardwareFlops.open(kernel, INTEL, "2"), "512b_packed_single");
    assertThat(kernel.configs).hasSize(3);
    assertThat(kernel.open).isEmpty();
  }

  @Test
  void anUnknownProcessorIsNamedAndNothingOpened() {
    FakeKernel kernel = new FakeKernel();
    String haswell = INTEL.replace("143", "60");
    assertNotMeasured(
        HardwareFlops.open(kernel, haswell, "2"), "GenuineIntel", "family=0x6", "model=0x3c");
    assertNotMeasured(HardwareFlops.open(kernel, "", "2"), "not of one known kind");
    assertNotMeasured(HardwareFlops.open(kernel, AMD + "\n" + INTEL, "2"), "one known kind");
    assertThat(kernel.configs).isEmpty();
  }

  @Test
  void aCounterThatWasSharedIsNoMeasurement() {
    FakeKernel kernel = new FakeKernel();
    HardwareFlops flops = HardwareFlops.open(kernel, AMD, "2");
    flops.start();
    kernel.counts.put(10, 500L);
    kernel.sharedNanos = 1;
    assertThat(flops.readFlops()).isEmpty();
    assertNotMeasured(flops, "shared", "enabledNanos=1000", "runningNanos=999");
    assertThat(kernel.open).isEmpty();
  }

  @Test
  void aCounterThatGivesNoReadingIsNoMeasurement() {
    FakeKernel kernel = new FakeKernel();
    kernel.readBytes = 0;
    HardwareFlops flops = HardwareFlops.open(kernel, AMD, "2");
    flops.start();
    assertThat(flops.readFlops()).isEmpty();
    assertNotMeasured(flops, "no reading", "result=0");
  }

  @Test
  void aCounterThatCannotBeSwitchedIsNoMeasurement() {
    FakeKernel kernel = new FakeKernel();
    kernel.controlResult = -9;
    HardwareFlops flops = HardwareFlops.open(kernel, AMD, "2");
    flops.start();
    assertNotMeasured(flops, "cannot be switched", "errno=9");
  }

  @Test
  void closedCountersMeasureNothingAndAreClosedOnce() {
    FakeKernel kernel = new FakeKernel();
    HardwareFlops flops = HardwareFlops.open(kernel, AMD, "2");
    flops.close();
    flops.close();
    assertNotMeasured(flops, "closed");
  }

  /// The real calls: a number where the machine has counters, a reason elsewhere. A loop of a million dependent additions counts as many, and what else the thread does while it is interpreted and compiled.
  @Test
  void thisMachineCountsOrSaysWhyNot() {
    try (HardwareFlops flops = HardwareFlops.open()) {
      flops.start();
      double sum = 0;
      for (int index = 0; index < 1_000_000; index++) {
        sum += 0.5;
      }
      flops.stop();
      assertThat(sum).isEqualTo(500_000);
      OptionalLong counted = flops.readFlops();
      System.out.println(
          "floating-point counters: " + (flops.isAvailable() ? counted : flops.reason()));
      assertThat(counted.isPresent()).isEqualTo(flops.isAvailable());
      assertThat(flops.reason().isEmpty()).isEqualTo(flops.isAvailable());
      counted.ifPresent(count -> assertThat(count).isBetween(1_000_000L, 1_100_000L));
    }
  }

  /// The number of a call that no kernel has: whether errno gets through.
  @Test
  @EnabledOnOs(OS.LINUX)
  void errorsOfRealCallsAreNegativeNumbers() {
    LinuxPerfCalls calls = new LinuxPerfCalls(100_000);
    assertThat(calls.open(MemorySegment.NULL)).isEqualTo(-38);
    assertThat(calls.close(-1)).isEqualTo(-9);
    assertThat(calls.control(-1, BYTES_TO_READ)).isEqualTo(-9);
    assertThat(calls.read(-1, MemorySegment.NULL)).isEqualTo(-9);
  }

  /// Machines without scalable vectors refuse the question.
  @Test
  @EnabledOnOs(OS.LINUX)
  void scalableVectorsAreWholeMultiplesOf128Bits() {
    long bytes = new LinuxPerfCalls(100_000).vectorBytes();
    assertThat(bytes == -22 || bytes >= 16 && bytes % 16 == 0).as("bytes=%d", bytes).isTrue();
  }
}
