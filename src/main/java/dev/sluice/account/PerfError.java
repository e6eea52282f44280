package dev.sluice.account;

/// What the kernel means when it refuses a counter.
final class PerfError {
  private static final int EPERM = 1;
  private static final int ENOENT = 2;
  private static final int EACCES = 13;
  private static final int EBUSY = 16;
  private static final int ENODEV = 19;
  private static final int ENOSYS = 38;
  private static final int EOPNOTSUPP = 95;

  private PerfError() {}

  /// @param errno as Linux numbers it
  /// @param paranoid the text of `/proc/sys/kernel/perf_event_paranoid`, empty if it cannot be read
  static String describe(FlopEvent event, int errno, String paranoid) {
    return switch (errno) {
      case ENOENT, ENODEV, EOPNOTSUPP ->
          "this machine, or its hypervisor, offers no such counter: event="
              + event.name()
              + ", errno="
              + errno;
      case EPERM, EACCES ->
          "counters may not be read, kernel.perf_event_paranoid of 2 or less or CAP_PERFMON allows"
              + " it, and in containers a seccomp profile must too: perf_event_paranoid="
              + (paranoid.isEmpty() ? "?" : paranoid)
              + ", errno="
              + errno;
      case ENOSYS -> "the kernel, or a container's filter, has no perf_event_open: errno=" + errno;
      case EBUSY -> "all counters are in use: event=" + event.name() + ", errno=" + errno;
      default -> "perf_event_open failed: event=" + event.name() + ", errno=" + errno;
    };
  }
}
