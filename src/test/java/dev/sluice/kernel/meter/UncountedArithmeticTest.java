package dev.sluice.kernel.meter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.memory.Panels;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
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
    for (ClassModel model : classes()) {
      if (anyCode(model, UncountedArithmeticTest::readsWeights)
          && anyCode(model, UncountedArithmeticTest::multiplies)) {
        (isCounted(model) ? kernels : others).add(name(model));
      }
    }
    assertTrue(kernels.contains("kernel/scalar/ScalarMatVec"), "found in kernels: " + kernels);
    assertEquals(new TreeSet<>(READ_WEIGHTS_AND_MULTIPLY), others);
  }

  @Test
  void onlyKernelsComputeWithVectors() throws IOException, URISyntaxException {
    Set<String> others = new TreeSet<>();
    int kernels = 0;
    for (ClassModel model : classes()) {
      if (anyCode(model, UncountedArithmeticTest::computesWithVectors)) {
        if (isCounted(model)) {
          kernels++;
        } else {
          others.add(name(model));
        }
      }
    }
    assertTrue(kernels > 0);
    assertEquals(Set.of(), others);
  }

  /// In single precision; statistics, budgets and measurements are in double precision.
  @Test
  void requestsComputeOutsideKernelsWhereTheDocumentsSay() throws IOException, URISyntaxException {
    Set<String> found = new TreeSet<>();
    for (ClassModel model : classes()) {
      if (name(model).startsWith("runtime/")
          && anyCode(model, UncountedArithmeticTest::computesWithFloats)) {
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

  private static boolean anyCode(ClassModel model, Predicate<CodeElement> wanted) {
    return model.methods().stream()
        .flatMap(method -> method.code().stream())
        .anyMatch(code -> code.elementStream().anyMatch(wanted));
  }

  private static List<ClassModel> classes() throws IOException, URISyntaxException {
    Path root =
        Path.of(Panels.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve("dev/sluice");
    try (Stream<Path> files = Files.walk(root)) {
      List<Path> classFiles = files.filter(file -> file.toString().endsWith(".class")).toList();
      assertTrue(classFiles.size() > 100, "too few classes below " + root);
      List<ClassModel> models = new ArrayList<>();
      for (Path file : classFiles) {
        models.add(ClassFile.of().parse(file));
      }
      return models;
    }
  }
}
