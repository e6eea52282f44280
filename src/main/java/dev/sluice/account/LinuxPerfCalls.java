package dev.sluice.account;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The calls through libc, by foreign function. Loading this class is what needs native access.
@SuppressWarnings("restricted")
final class LinuxPerfCalls implements PerfCalls {
  private static final long THIS_THREAD = 0;
  private static final long ANY = -1;
  private static final long CLOSE_ON_EXEC = 8;
  private static final int PR_SVE_GET_VL = 51;
  private static final long VECTOR_LENGTH_MASK = 0xFFFF;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SYSCALL =
      function(
          "syscall",
          1,
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle IOCTL =
      function("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle READ =
      function("read", 0, FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle CLOSE =
      function("close", 0, FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle PRCTL =
      function(
          "prctl",
          1,
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

  private final long perfEventOpen;

  /// @param perfEventOpen the architecture's number of the call
  LinuxPerfCalls(long perfEventOpen) {
    this.perfEventOpen = perfEventOpen;
  }

  /// @param firstVariadic index of the first argument that C passes as one of `…`, 0 if there are none
  private static MethodHandle function(
      String name, int firstVariadic, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    MemorySegment address = linker.defaultLookup().findOrThrow(name);
    Linker.Option errno = Linker.Option.captureCallState("errno");
    return firstVariadic == 0
        ? linker.downcallHandle(address, descriptor, errno)
        : linker.downcallHandle(
            address, descriptor, errno, Linker.Option.firstVariadicArg(firstVariadic));
  }

  private interface Call {
    long run(MemorySegment state) throws Throwable;
  }

  private static long result(Call call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long result = call.run(state);
      return result < 0 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("native call failed", e);
    }
  }

  @Override
  public long open(MemorySegment attr) {
    return result(
        state ->
            (long)
                SYSCALL.invokeExact(
                    state, perfEventOpen, attr, THIS_THREAD, ANY, ANY, CLOSE_ON_EXEC));
  }

  @Override
  public long control(int descriptor, long request) {
    return result(state -> (int) IOCTL.invokeExact(state, descriptor, request, 0L));
  }

  @Override
  public long read(int descriptor, MemorySegment reading) {
    return result(state -> (long) READ.invokeExact(state, descriptor, reading, reading.byteSize()));
  }

  @Override
  public long close(int descriptor) {
    return result(state -> (int) CLOSE.invokeExact(state, descriptor));
  }

  @Override
  public long vectorBytes() {
    long length = result(state -> (int) PRCTL.invokeExact(state, PR_SVE_GET_VL, 0L, 0L, 0L, 0L));
    return length < 0 ? length : length & VECTOR_LENGTH_MASK;
  }
}
