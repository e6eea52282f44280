package dev.sluice.account;

import java.lang.foreign.MemorySegment;

/// The kernel's calls that counters need. Each returns −errno if it failed.
interface PerfCalls {
  long ENABLE = 0x2400;
  long DISABLE = 0x2401;
  long RESET = 0x2403;

  /// Opens a counter of the calling thread, on whatever core it runs.
  ///
  /// @param attr a [PerfEventAttr]
  /// @return a file descriptor
  long open(MemorySegment attr);

  /// @param request [#ENABLE], [#DISABLE] or [#RESET]
  long control(int descriptor, long request);

  /// @param reading room for a [PerfEventAttr#READING]
  /// @return bytes read
  long read(int descriptor, MemorySegment reading);

  long close(int descriptor);

  /// Of this thread's scalable vectors, which Arm's SVE has.
  long vectorBytes();
}
