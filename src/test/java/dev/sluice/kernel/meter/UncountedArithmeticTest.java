package dev.sluice.kernel.meter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.CompiledClasses;
import dev.sluice.memory.Panels;
import java.io.IOException;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What the meter cannot see, as it only counts in kernels: floating-point arithmetic in other classes. These tests keep it from being products of weights.
class UncountedArithmeticTest {
  private static final String PANELS = Panels.class.getName().replace('.', '/');

  /// Methods by which weights, or places of them, are got hold of.
  private static final Set<String> WEIGHT_READERS = Set.of("segment", "block", "get", "stored");

  /// Conversion between precisions, and the scores of dead tiles.
  private static final Set<String> READ_WEIGHTS_AND_MULTIPLY =
      Set.of("memory/Panels", "memory/WeightConversion", "train/PlasticProduct");

  /// On a request's way: multiplying by gates' weights, mixing in light paths and halted answers, and the confidence of exits.
  private static final Set<String> REQUEST_ARITHMETIC =
      Set.of("runtime/Admission", "runtime/Confidence", "runtime/Halting");

  @Test
  void onlyKernelsMultiplyWeights() throws IOException, URISyntaxException {
    Set<String> others = new TreeSet<>();
    Set<String> kernels = new TreeSet<>();
    for (ClassModel model : CompiledClasses.all()) {
      if (CompiledClasses.anyCode(model, UncountedArithmeticTest::readsWeights)
          && CompiledClasses.anyCode(model, UncountedArithmeticTest::multiplies)) {
        (isCounted(model) ? kernels : others).add(name(model));
      }
    }
    assertTrue(kernels.contains("kernel/scalar/ScalarMatVec"), "found in kernels: " + kernels);
    assertEquals(new TreeSet<>(READ_WEIGHTS_AND_MULTIPLY), others);
  }

  /// In single precision; statistics, budgets and measurements are in double precision.
  @Test
  void requestsComputeOutsideKernelsWhereTheDocumentsSay() throws IOException, URISyntaxException {
    Set<String> found = new TreeSet<>();
    for (ClassModel model : CompiledClasses.all()) {
      if (name(model).startsWith("runtime/")
          && CompiledClasses.anyCode(model, UncountedArithmeticTest::computesWithFloats)) {
        found.add(name(model));
      }
    }
    assertEquals(new TreeSet<>(REQUEST_ARITHMETIC), found);
  }

  private static boolean isCounted(ClassModel model) {
    return CountingLoader.isCounted(model.thisClass().asInternalName().replace('/', '.'));
  }

  /// Below the root package: `runtime/Halting`.
  private static String name(ClassModel model) {
    return model.thisClass().asInternalName().substring("dev/sluice/".length());
  }

  private static boolean readsWeights(CodeElement element) {
    return element instanceof InvokeInstruction call
        && call.owner().asInternalName().equals(PANELS)
        && WEIGHT_READERS.contains(call.name().stringValue());
  }

  private static boolean multiplies(CodeElement element) {
    return element instanceof OperatorInstruction operator
            && Set.of("FMUL", "DMUL").contains(operator.opcode().name())
        || element instanceof InvokeInstruction call && isMath(call, "fma")
        || computesWithVectors(element);
  }

  private static boolean computesWithFloats(CodeElement element) {
    return element instanceof OperatorInstruction operator
            && Set.of("FADD", "FSUB", "FMUL", "FDIV").contains(operator.opcode().name())
        || element instanceof InvokeInstruction call && isMath(call, "fma");
  }

  private static boolean isMath(InvokeInstruction call, String method) {
    return call.owner().asInternalName().equals("java/lang/Math")
        && call.name().equalsString(method);
  }

  private static boolean computesWithVectors(CodeElement element) {
    return element instanceof InvokeInstruction call
        && call.owner().asInternalName().startsWith("jdk/incubator/vector/")
        && Set.of("lanewise", "reduceLanes", "fma", "mul", "add")
            .contains(call.name().stringValue());
  }
}
