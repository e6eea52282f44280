package dev.sluice.benchmark;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_full;

/// OpenBLAS on one thread, operands in its own memory, weights (units, inputs): of the two layouts the quicker one.
final class OpenBlasProduct implements ProductPeer {
  private static final String CORE_VARIABLE = "OPENBLAS_CORETYPE";

  /// The first of its cores with AVX-512.
  private static final String AVX512_CORE = "SkylakeX";

  private static final int ROW_MAJOR = 101;
  private static final int AS_STORED = 111;
  private static final int TRANSPOSED = 112;

  private final FloatPointer weights;
  private final FloatPointer x;
  private final FloatPointer y;
  private final int inputs;
  private final int units;
  private final int batch;

  /// With the kernels that OpenBLAS chooses by itself.
  static ProductPeer detected(ProductOperands operands) {
    return new OpenBlasProduct(operands);
  }

  /// With the kernels of the machine's vector width: for a processor newer than itself OpenBLAS takes 256-bit kernels, of half the speed.
  static ProductPeer best(ProductOperands operands) {
    boolean hasAvx512 = FloatVector.SPECIES_PREFERRED.vectorBitSize() == 512;
    if (hasAvx512 && System.getenv(CORE_VARIABLE) == null) {
      setEnvironment(CORE_VARIABLE, AVX512_CORE);
    }
    return new OpenBlasProduct(operands);
  }

  private OpenBlasProduct(ProductOperands operands) {
    inputs = operands.inputs();
    units = operands.units();
    batch = operands.batch();
    openblas_full.openblas_set_num_threads(1);
    Agreement.requireEqual("OpenBLAS threads", 1, openblas_full.openblas_get_num_threads());
    weights = new FloatPointer(operands.weights());
    x = new FloatPointer(operands.x());
    y = new FloatPointer((long) batch * units);
  }

  /// For this process, which Java cannot: OpenBLAS reads the variable when it is loaded.
  private static void setEnvironment(String name, String value) {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor signature =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    try (Arena arena = Arena.ofConfined()) {
      var setenv = linker.downcallHandle(linker.defaultLookup().findOrThrow("setenv"), signature);
      int error = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
      Agreement.requireEqual("setenv", 0, error);
    } catch (Throwable e) {
      throw new IllegalStateException("environment cannot be set: name=" + name, e);
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
