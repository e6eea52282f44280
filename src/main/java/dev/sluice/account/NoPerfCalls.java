package dev.sluice.account;

import java.lang.foreign.MemorySegment;

/// Stands where there are no counters, and is therefore never asked for one.
enum NoPerfCalls implements PerfCalls {
  INSTANCE;

  private static final long ENOSYS = 38;

  @Override
  public long open(MemorySegment attr) {
    return -ENOSYS;
  }

  @Override
  public long control(int descriptor, long request) {
    return -ENOSYS;
  }

  @Override
  public long read(int descriptor, MemorySegment reading) {
    return -ENOSYS;
  }

  @Override
  public long close(int descriptor) {
    return -ENOSYS;
  }

  @Override
  public long vectorBytes() {
    return -ENOSYS;
  }
}
