package dev.sluice.benchmark;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_full;

/// OpenBLAS on one thread, operands in its own memory, weights (units, inputs): of the two layouts the quicker one.
final class OpenBlasProduct implements ProductPeer {
  private static final String VARIABLES = "OPENBLAS_";

  private static final int ROW_MAJOR = 101;
  private static final int AS_STORED = 111;
  private static final int TRANSPOSED = 112;

  private final FloatPointer weights;
  private final FloatPointer x;
  private final FloatPointer y;
  private final int inputs;
  private final int units;
  private final int batch;

  OpenBlasProduct(ProductOperands operands) {
    System.getenv().keySet().stream()
        .filter(name -> name.startsWith(VARIABLES))
        .forEach(OpenBlasProduct::unset);
    inputs = operands.inputs();
    units = operands.units();
    batch = operands.batch();
    openblas_full.openblas_set_num_threads(1);
    Agreement.requireEqual("OpenBLAS threads", 1, openblas_full.openblas_get_num_threads());
    weights = new FloatPointer(operands.weights());
    x = new FloatPointer(operands.x());
    y = new FloatPointer((long) batch * units);
  }

  /// Variables of the environment can force kernels of older processors, of half the speed; OpenBLAS reads them when it is loaded. Java
  /// cannot change them.
  private static void unset(String variable) {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor signature = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle unsetenv =
          linker.downcallHandle(linker.defaultLookup().findOrThrow("unsetenv"), signature);
      Agreement.requireEqual(
          "unsetenv", 0, (int) unsetenv.invokeExact(arena.allocateFrom(variable)));
    } catch (Throwable e) {
      throw new IllegalStateException("variable cannot be unset: name=" + variable, e);
    }
  }

  @Override
  public void multiply() {
    if (batch == 1) {
      openblas_full.cblas_sgemv(
          ROW_MAJOR, AS_STORED, units, inputs, 1, weights, inputs, x, 1, 0, y, 1);
    } else {
      openblas_full.cblas_sgemm(
          ROW_MAJOR,
          AS_STORED,
          TRANSPOSED,
          batch,
          units,
          inputs,
          1,
          x,
          inputs,
          weights,
          inputs,
          0,
          y,
          units);
    }
  }

  @Override
  public float result(int row, int unit) {
    return y.get((long) row * units + unit);
  }

  @Override
  public String name() {
    return "openblas " + openblas_full.openblas_get_config().getString();
  }

  @Override
  public void close() {
    weights.close();
    x.close();
    y.close();
  }
}
