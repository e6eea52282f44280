package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Draws the package graph from the compiled classes and compares it with the layering of the
/// architecture.
class ArchitectureTest {
  /// Each may use those before it.
  private static final List<String> LAYERS =
      List.of(
          "memory",
          "kernel",
          "account",
          "gate",
          "model",
          "format",
          "runtime",
          "data",
          "train",
          "audit",
          "experiment",
          "report",
          "cli");

  /// What applications embed: nothing but the JDK.
  private static final Set<String> CORE =
      Set.of("memory", "kernel", "account", "gate", "model", "format", "runtime", "train");

  private static final String ROOT = "dev/sluice/";
  private static final String SCALAR = ROOT + "kernel/scalar";
  private static final String SIMD = ROOT + "kernel/simd";
  private static final String FLIGHT_RECORDER = ROOT + "account/jfr";
  private static final String KERNEL_PROVIDER = ROOT + "kernel/KernelProvider";

  /// An object type in a descriptor or a generic signature; the slash tells it from other strings, such as `trainLoss;`.
  private static final Pattern TYPE = Pattern.compile("L([\\w$]+(?:/[\\w$]+)+)[;<]");

  /// One class and the classes it names, in the form `dev/sluice/kernel/Kernels`.
  private record References(String from, Set<String> to) {
    static References of(ClassModel model) {
      Set<String> names = new TreeSet<>();
      for (PoolEntry entry : model.constantPool()) {
        switch (entry) {
          case ClassEntry type when !type.asInternalName().startsWith("[") ->
              names.add(type.asInternalName());
          // descriptors, signatures, annotations and array types are all somewhere among the
          // strings
          case Utf8Entry text -> addTypes(text.stringValue(), names);
          default -> {}
        }
      }
      return new References(model.thisClass().asInternalName(), names);
    }

    private static void addTypes(String text, Set<String> names) {
      Matcher matcher = TYPE.matcher(text);
      while (matcher.find()) {
        names.add(matcher.group(1));
      }
    }
  }

  @Test
  void everyPackageUsesOnlyPackagesAboveIt() throws Exception {
    assertEquals(List.of(), violations(compiledClasses(), ArchitectureTest::upwardArrow));
  }

  @Test
  void onlyTheProviderKnowsTheImplementationsOfKernels() throws Exception {
    assertEquals(List.of(), violations(compiledClasses(), ArchitectureTest::hiddenKernel));
  }

  @Test
  void onlySimdKernelsNameTheVectorApi() throws Exception {
    assertEquals(List.of(), violations(compiledClasses(), ArchitectureTest::strayVector));
  }

  @Test
  void onlyOnePackageNamesTheFlightRecorder() throws Exception {
    assertEquals(List.of(), violations(compiledClasses(), ArchitectureTest::strayFlightRecorder));
  }

  @Test
  void theCoreUsesNothingButTheJdk() throws Exception {
    assertEquals(List.of(), violations(compiledClasses(), ArchitectureTest::foreignLibrary));
  }

  /// Guards the tests above against having looked at nothing.
  @Test
  void theGraphIsReadFromRealClasses() throws Exception {
    List<References> classes = compiledClasses();
    Set<String> arrows = new TreeSet<>();
    Set<String> layers = new TreeSet<>();
    for (References references : classes) {
      String from = layer(references.from());
      layers.add(from);
      for (String to : references.to()) {
        arrows.add(from + " -> " + layer(to));
      }
    }
    assertTrue(layers.containsAll(List.of("memory", "kernel", "account", "gate", "model")));
    assertTrue(arrows.contains("kernel -> memory"), arrows.toString());
    assertTrue(arrows.contains("runtime -> model"), arrows.toString());
    assertTrue(classes.stream().anyMatch(references -> references.from().startsWith(SIMD)));
    assertTrue(
        classes.stream()
            .flatMap(references -> references.to().stream())
            .anyMatch(name -> name.startsWith("jdk/incubator/vector/")));
  }

  @Test
  void forbiddenArrowsAreFound() {
    assertFound(ArchitectureTest::upwardArrow, "dev.sluice.memory.A", "dev.sluice.kernel.B");
    assertFound(ArchitectureTest::upwardArrow, "dev.sluice.data.A", "dev.sluice.train.B");
    assertFound(ArchitectureTest::upwardArrow, "dev.sluice.other.A", "dev.sluice.memory.B");
    assertFound(ArchitectureTest::upwardArrow, "dev.sluice.A", "dev.sluice.memory.B");
    assertFound(ArchitectureTest::hiddenKernel, "dev.sluice.model.A", "dev.sluice.kernel.scalar.B");
    assertFound(ArchitectureTest::hiddenKernel, "dev.sluice.kernel.A", "dev.sluice.kernel.simd.B");
    assertFound(
        ArchitectureTest::hiddenKernel, "dev.sluice.kernel.scalar.A", "dev.sluice.kernel.simd.B");
    assertFound(
        ArchitectureTest::strayVector, "dev.sluice.kernel.A", "jdk.incubator.vector.FloatVector");
    assertFound(ArchitectureTest::strayFlightRecorder, "dev.sluice.account.A", "jdk.jfr.Event");
    assertFound(ArchitectureTest::foreignLibrary, "dev.sluice.train.A", "org.apache.Anything");
  }

  @Test
  void allowedArrowsPass() {
    assertPasses(ArchitectureTest::upwardArrow, "dev.sluice.cli.A", "dev.sluice.memory.B");
    assertPasses(ArchitectureTest::upwardArrow, "dev.sluice.kernel.simd.A", "dev.sluice.kernel.B");
    assertPasses(
        ArchitectureTest::hiddenKernel,
        "dev.sluice.kernel.KernelProvider$Holder",
        "dev.sluice.kernel.simd.B");
    assertPasses(
        ArchitectureTest::strayVector,
        "dev.sluice.kernel.simd.A",
        "jdk.incubator.vector.FloatVector");
    assertPasses(
        ArchitectureTest::strayFlightRecorder, "dev.sluice.account.jfr.A", "jdk.jfr.Event");
    assertPasses(
        ArchitectureTest::foreignLibrary,
        "dev.sluice.model.A",
        "org.jspecify.annotations.Nullable");
    assertPasses(ArchitectureTest::foreignLibrary, "dev.sluice.cli.A", "picocli.CommandLine");
  }

  private interface Rule {
    boolean isBrokenBy(String from, String to);
  }

  private static boolean upwardArrow(String from, String to) {
    int fromLayer = LAYERS.indexOf(layer(from));
    return fromLayer < 0 || LAYERS.indexOf(layer(to)) > fromLayer;
  }

  private static boolean hiddenKernel(String from, String to) {
    boolean isProvider = from.equals(KERNEL_PROVIDER) || from.startsWith(KERNEL_PROVIDER + "$");
    boolean isImplementation = packageOf(to).equals(SCALAR) || packageOf(to).equals(SIMD);
    return isImplementation && !isProvider && !packageOf(from).equals(packageOf(to));
  }

  private static boolean strayVector(String from, String to) {
    return to.startsWith("jdk/incubator/vector/") && !packageOf(from).equals(SIMD);
  }

  private static boolean strayFlightRecorder(String from, String to) {
    return to.startsWith("jdk/jfr/") && !packageOf(from).equals(FLIGHT_RECORDER);
  }

  private static boolean foreignLibrary(String from, String to) {
    boolean isOwn = to.startsWith(ROOT);
    boolean isJdk =
        to.startsWith("java/")
            || to.startsWith("jdk/incubator/vector/")
            || to.startsWith("jdk/jfr/");
    return CORE.contains(layer(from)) && !isOwn && !isJdk && !isAnnotation(to);
  }

  /// Annotations that the compiler reads and no running program needs.
  private static boolean isAnnotation(String name) {
    return name.startsWith("org/jspecify/annotations/");
  }

  private static List<String> violations(List<References> classes, Rule rule) {
    List<String> found = new ArrayList<>();
    for (References references : classes) {
      for (String to : references.to()) {
        if (rule.isBrokenBy(references.from(), to)) {
          found.add(references.from() + " -> " + to);
        }
      }
    }
    return found;
  }

  /// The package below `dev.sluice`, empty for what is not in one.
  private static String layer(String name) {
    if (!name.startsWith(ROOT)) {
      return "";
    }
    String below = name.substring(ROOT.length());
    int slash = below.indexOf('/');
    return slash < 0 ? "" : below.substring(0, slash);
  }

  private static String packageOf(String name) {
    int slash = name.lastIndexOf('/');
    return slash < 0 ? "" : name.substring(0, slash);
  }

  private static List<References> compiledClasses() throws IOException, URISyntaxException {
    return CompiledClasses.all().stream().map(References::of).toList();
  }

  private static void assertFound(Rule rule, String from, String to) {
    assertFalse(violations(List.of(naming(from, to)), rule).isEmpty(), from + " -> " + to);
  }

  private static void assertPasses(Rule rule, String from, String to) {
    assertEquals(List.of(), violations(List.of(naming(from, to)), rule));
  }

  /// A compiled class that names another one nowhere but in the type of a parameter.
  private static References naming(String from, String to) {
    MethodTypeDesc type = MethodTypeDesc.of(ConstantDescs.CD_void, ClassDesc.of(to).arrayType());
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(from),
                builder ->
                    builder.withMethod(
                        "take", type, ClassFile.ACC_ABSTRACT | ClassFile.ACC_PUBLIC, method -> {}));
    return References.of(ClassFile.of().parse(bytes));
  }
}
