package dev.sluice.account;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// `struct perf_event_attr` of `linux/perf_event.h` in its first size, 64 bytes, which every kernel accepts and which holds all that counting needs.
///
/// ```
///  0  u32 type            4  u32 size
///  8  u64 config         16  u64 sample_period
/// 24  u64 sample_type    32  u64 read_format
/// 40  u64 flags          bit 0 disabled, 5 exclude_kernel, 6 exclude_hv, of little-endian machines
/// 48  u32 wakeup_events  52  u32 bp_type
/// 56  u64 bp_addr
/// ```
final class PerfEventAttr {
  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          ValueLayout.JAVA_INT.withName("type"),
          ValueLayout.JAVA_INT.withName("size"),
          ValueLayout.JAVA_LONG.withName("config"),
          ValueLayout.JAVA_LONG.withName("sample_period"),
          ValueLayout.JAVA_LONG.withName("sample_type"),
          ValueLayout.JAVA_LONG.withName("read_format"),
          ValueLayout.JAVA_LONG.withName("flags"),
          ValueLayout.JAVA_INT.withName("wakeup_events"),
          ValueLayout.JAVA_INT.withName("bp_type"),
          ValueLayout.JAVA_LONG.withName("bp_addr"));

  /// What reading such a counter gives.
  static final StructLayout READING =
      MemoryLayout.structLayout(
          ValueLayout.JAVA_LONG.withName("value"),
          ValueLayout.JAVA_LONG.withName("time_enabled"),
          ValueLayout.JAVA_LONG.withName("time_running"));

  private static final int PERF_TYPE_RAW = 4;
  private static final long TOTAL_TIME_ENABLED = 1;
  private static final long TOTAL_TIME_RUNNING = 2;
  private static final long DISABLED = 1;
  private static final long EXCLUDE_KERNEL = 1 << 5;
  private static final long EXCLUDE_HYPERVISOR = 1 << 6;

  private static final VarHandle TYPE = handle("type");
  private static final VarHandle SIZE = handle("size");
  private static final VarHandle CONFIG = handle("config");
  private static final VarHandle READ_FORMAT = handle("read_format");
  private static final VarHandle FLAGS = handle("flags");

  private PerfEventAttr() {}

  /// Fills `attr` for a raw event counted in user mode alone, off at first, read with the times it was wanted and was on.
  static void count(MemorySegment attr, long config) {
    attr.fill((byte) 0);
    TYPE.set(attr, 0L, PERF_TYPE_RAW);
    SIZE.set(attr, 0L, (int) LAYOUT.byteSize());
    CONFIG.set(attr, 0L, config);
    READ_FORMAT.set(attr, 0L, TOTAL_TIME_ENABLED | TOTAL_TIME_RUNNING);
    FLAGS.set(attr, 0L, DISABLED | EXCLUDE_KERNEL | EXCLUDE_HYPERVISOR);
  }

  private static VarHandle handle(String field) {
    return LAYOUT.varHandle(MemoryLayout.PathElement.groupElement(field));
  }
}
