package dev.sluice.account;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/// Floating-point operations as the processor's own counters have them, of the thread that opens this: an FMA is two, user mode alone.
///
/// ```java
/// try (HardwareFlops flops = HardwareFlops.open()) {
///   flops.start();
///   predictor.predict(features, scores);
///   flops.stop();
///   System.out.println(flops.isAvailable() ? flops.readFlops() : "not measured: " + flops.reason());
/// }
/// ```
///
/// Where a machine, its permissions or the JVM's options leave no counter, nothing fails: [#readFlops] is empty and [#reason] says why. Linux alone, by foreign
/// functions, so the JVM must be started with `--enable-native-access`; nothing else in Sluice comes near native code, and nothing
/// loads this class but a call. [FlopEvent] has what is counted on which processor.
///
/// The thread's own work is all counted: code that the JIT has not compiled yet, the collector's barriers and the calls of this class too. Not thread-safe.
public final class HardwareFlops implements AutoCloseable {
  private record Counter(FlopEvent event, int descriptor) {}

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Path PARANOID = Path.of("/proc/sys/kernel/perf_event_paranoid");

  private final PerfCalls calls;
  private final List<Counter> counters;
  private String reason;
  private boolean hasStarted;

  private HardwareFlops(PerfCalls calls, List<Counter> counters, String reason) {
    this.calls = calls;
    this.counters = new ArrayList<>(counters);
    this.reason = reason;
  }

  /// Never fails; see [#isAvailable].
  public static HardwareFlops open() {
    String system = System.getProperty("os.name", "?");
    if (!system.equals("Linux")) {
      return none("this system has no perf_event_open: system=" + system);
    }
    String architecture = System.getProperty("os.arch", "?").toLowerCase(Locale.ROOT);
    long number =
        switch (architecture) {
          case "amd64", "x86_64" -> 298;
          case "aarch64" -> 241;
          default -> -1;
        };
    if (number < 0) {
      return none("no event is known of this architecture: architecture=" + architecture);
    }
    Module module = HardwareFlops.class.getModule();
    if (!module.isNativeAccessEnabled()) {
      return none(
          "native access is not enabled, start Java with --enable-native-access="
              + (module.isNamed() ? module.getName() : "ALL-UNNAMED"));
    }
    return open(new LinuxPerfCalls(number), text(CPU_INFO), text(PARANOID));
  }

  /// @param cpuInfo the text of `/proc/cpuinfo`
  static HardwareFlops open(PerfCalls calls, String cpuInfo, String paranoid) {
    List<CpuIdentity> cpus = CpuIdentity.parse(cpuInfo);
    if (cpus.size() != 1) {
      return none("cores are not of one known kind: kinds=" + cpus);
    }
    CpuIdentity cpu = cpus.getFirst();
    List<FlopEvent> events = FlopEvent.of(cpu, calls::vectorBytes);
    if (events.isEmpty()) {
      return none(
          "no floating-point event is known of this processor: vendor="
              + cpu.vendor()
              + ", family=0x"
              + Integer.toHexString(cpu.family())
              + ", model=0x"
              + Integer.toHexString(cpu.model()));
    }
    HardwareFlops flops = new HardwareFlops(calls, List.of(), "");
    flops.openAll(events, paranoid);
    return flops;
  }

  private void openAll(List<FlopEvent> events, String paranoid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attr = arena.allocate(PerfEventAttr.LAYOUT);
      for (FlopEvent event : events) {
        PerfEventAttr.count(attr, event.config());
        long descriptor = calls.open(attr);
        if (descriptor < 0) {
          fail(PerfError.describe(event, (int) -descriptor, paranoid));
          return;
        }
        counters.add(new Counter(event, (int) descriptor));
      }
    }
  }

  private static HardwareFlops none(String reason) {
    return new HardwareFlops(NoPerfCalls.INSTANCE, List.of(), reason);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /// Whether operations are counted; may turn false as the kernel takes a counter away.
  public boolean isAvailable() {
    return reason.isEmpty();
  }

  /// Why nothing is measured, empty if something is.
  public String reason() {
    return reason;
  }

  /// Names of the processor's events that are counted, empty if none are.
  public List<String> events() {
    return counters.stream().map(counter -> counter.event.name()).toList();
  }

  /// Counts from 0. Without counters nothing happens.
  public void start() {
    control(PerfCalls.RESET);
    control(PerfCalls.ENABLE);
    hasStarted = true;
  }

  /// Without counters nothing happens.
  public void stop() {
    control(PerfCalls.DISABLE);
  }

  private void control(long request) {
    for (Counter counter : counters) {
      long result = calls.control(counter.descriptor, request);
      if (result < 0) {
        fail("counter cannot be switched: event=" + counter.event.name() + ", errno=" + -result);
        return;
      }
    }
  }

  /// Operations since the last [#start], to [#stop] if there was one.
  ///
  /// @return empty if nothing was started or nothing is measured, for instance as the kernel let other programs use a counter in between: what it
  ///     counted in its share of the time is an estimate, which this is not
  public OptionalLong readFlops() {
    if (!isAvailable() || !hasStarted) {
      return OptionalLong.empty();
    }
    long sum = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment reading = arena.allocate(PerfEventAttr.READING);
      for (Counter counter : List.copyOf(counters)) {
        if (!read(counter, reading)) {
          return OptionalLong.empty();
        }
        long count = reading.get(ValueLayout.JAVA_LONG, 0);
        sum = Math.addExact(sum, Math.multiplyExact(count, counter.event.operations()));
      }
    }
    return OptionalLong.of(sum);
  }

  private boolean read(Counter counter, MemorySegment reading) {
    long bytes = calls.read(counter.descriptor, reading);
    if (bytes != reading.byteSize()) {
      fail("counter gives no reading: event=" + counter.event.name() + ", result=" + bytes);
      return false;
    }
    long enabled = reading.get(ValueLayout.JAVA_LONG, Long.BYTES);
    long running = reading.get(ValueLayout.JAVA_LONG, 2 * Long.BYTES);
    if (running != enabled) {
      fail(
          "counter was shared with others: event="
              + counter.event.name()
              + ", enabledNanos="
              + enabled
              + ", runningNanos="
              + running);
      return false;
    }
    return true;
  }

  private void fail(String why) {
    closeAll();
    reason = why;
  }

  /// Nothing is measured afterwards; closing again does nothing.
  @Override
  public void close() {
    closeAll();
    if (isAvailable()) {
      reason = "counters are closed";
    }
  }

  private void closeAll() {
    for (Counter counter : counters) {
      calls.close(counter.descriptor);
    }
    counters.clear();
  }
}
