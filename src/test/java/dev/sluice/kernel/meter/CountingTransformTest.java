package dev.sluice.kernel.meter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Kernels made for the purpose, of one call each: all methods there are, of which the meter must refuse those it has no count for.
class CountingTransformTest {
  private static final String UNKNOWN = "operation is not known to the meter: ";

  /// Public methods that take no operator, by name: which of them are let through.
  static Stream<Arguments> knownMethods() {
    Set<String> moves = Set.of("broadcast", "fromMemorySegment", "zero", "intoMemorySegment");
    return Stream.of(
        Arguments.of(
            FloatVector.class,
            Set.of("blend", "lane", "broadcast", "fromMemorySegment", "zero", "intoMemorySegment")),
        Arguments.of(
            IntVector.class,
            Set.of(
                "addIndex",
                "compress",
                "intoArray",
                "reinterpretAsFloats",
                "broadcast",
                "fromMemorySegment",
                "zero",
                "intoMemorySegment")),
        Arguments.of(ByteVector.class, moves),
        Arguments.of(ShortVector.class, moves),
        Arguments.of(Vector.class, Set.of()),
        Arguments.of(DoubleVector.class, Set.of()),
        Arguments.of(LongVector.class, Set.of()),
        Arguments.of(VectorShuffle.class, Set.of()),
        Arguments.of(VectorMask.class, Set.of("cast", "toLong", "trueCount")),
        Arguments.of(
            VectorSpecies.class,
            Set.of("length", "of", "vectorBitSize", "vectorByteSize", "withLanes")),
        Arguments.of(Float.class, Set.of("floatToRawIntBits", "intBitsToFloat")),
        Arguments.of(Double.class, Set.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("knownMethods")
  void onlyMethodsThatExecuteNothingPassUncounted(Class<?> owner, Set<String> known) {
    Set<String> passed = new TreeSet<>();
    int refused = 0;
    for (Method method : methods(owner)) {
      if (takesOperator(method)) {
        continue;
      }
      if (isRefused(method)) {
        refused++;
      } else {
        passed.add(method.getName());
        assertEquals(List.of(), counters(code -> call(code, method)), method.toString());
      }
    }
    assertEquals(new TreeSet<>(known), passed);
    assertTrue(refused > 0, "refused of " + owner);
  }

  @ParameterizedTest
  @MethodSource("mathClasses")
  void onlyMathThatIsCountedPasses(Class<?> owner) {
    for (Method method : methods(owner)) {
      Class<?> result = method.getReturnType();
      if (result != float.class && result != double.class) {
        continue;
      }
      switch (method.getName()) {
        case "fma" -> assertEquals(List.of("fused"), counters(code -> call(code, method)));
        case "sqrt", "log", "min", "max" ->
            assertEquals(List.of("single"), counters(code -> call(code, method)));
        case "abs" -> assertEquals(List.of(), counters(code -> call(code, method)));
        default -> assertTrue(isRefused(method), method.toString());
      }
    }
  }

  static Stream<Class<?>> mathClasses() {
    return Stream.of(Math.class, StrictMath.class);
  }

  @Test
  void operatorsOnFloatsAreCountedOrRefused() throws NoSuchMethodException {
    Method unary = FloatVector.class.getMethod("lanewise", VectorOperators.Unary.class);
    Method binary =
        FloatVector.class.getMethod("lanewise", VectorOperators.Binary.class, Vector.class);
    Method ternary =
        FloatVector.class.getMethod(
            "lanewise", VectorOperators.Ternary.class, Vector.class, Vector.class);
    Method reduction =
        FloatVector.class.getMethod("reduceLanes", VectorOperators.Associative.class);
    assertOperators(unary, Set.of("SQRT"), Set.of("ABS", "NEG"), "single");
    assertOperators(binary, Set.of("ADD", "SUB", "MUL", "DIV", "MIN", "MAX"), Set.of(), "single");
    assertOperators(ternary, Set.of("FMA"), Set.of(), "fused");
    assertOperators(reduction, Set.of("ADD", "MUL", "MIN", "MAX"), Set.of(), "single");
  }

  private static void assertOperators(
      Method method, Set<String> counted, Set<String> uncounted, String counter) {
    Class<?> kind = method.getParameterTypes()[0];
    int refused = 0;
    for (Field operator : VectorOperators.class.getFields()) {
      if (!kind.isAssignableFrom(operator.getType())) {
        continue;
      }
      String name = operator.getName();
      if (counted.contains(name)) {
        assertEquals(List.of(counter), counters(code -> call(code, method, operator)), name);
      } else if (uncounted.contains(name)) {
        assertEquals(List.of(), counters(code -> call(code, method, operator)), name);
      } else {
        assertRefused(code -> call(code, method, operator), method);
        refused++;
      }
    }
    assertTrue(refused > 0, method.toString());
  }

  @Test
  void operatorsOnOtherVectorsThanFloatsAndIntegersAreRefused()
      throws NoSuchMethodException, NoSuchFieldException {
    Field add = VectorOperators.class.getField("ADD");
    for (Class<?> owner : List.of(Vector.class, DoubleVector.class, LongVector.class)) {
      Method method = owner.getMethod("lanewise", VectorOperators.Binary.class, Vector.class);
      assertRefused(code -> call(code, method, add), method);
    }
    Method ofIntegers =
        IntVector.class.getMethod("lanewise", VectorOperators.Binary.class, Vector.class);
    assertEquals(List.of(), counters(code -> call(code, ofIntegers, add)));
  }

  @Test
  void anOperatorThatIsNoConstantIsRefused() throws NoSuchMethodException {
    Method method = FloatVector.class.getMethod("lanewise", VectorOperators.Unary.class);
    assertRefused(code -> call(code, method), method);
  }

  @Test
  void referencesToArithmeticAreRefused() {
    for (Class<?> owner : List.of(Math.class, StrictMath.class, Float.class, FloatVector.class)) {
      String name = owner == FloatVector.class ? "abs" : "max";
      ClassDesc result = owner == FloatVector.class ? desc(owner) : ConstantDescs.CD_float;
      MethodTypeDesc type = MethodTypeDesc.of(result, result, result);
      DirectMethodHandleDesc method =
          MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, desc(owner), name, type);
      String message =
          assertThrows(IllegalStateException.class, () -> counters(code -> refer(code, method)))
              .getMessage();
      assertTrue(message.startsWith(UNKNOWN + "reference=" + internal(owner)), message);
    }
  }

  private static void refer(CodeBuilder code, DirectMethodHandleDesc method) {
    DirectMethodHandleDesc bootstrap =
        ConstantDescs.ofCallsiteBootstrap(desc(Object.class), "bootstrap", desc(Object.class));
    MethodTypeDesc type = MethodTypeDesc.of(desc(Object.class));
    code.invokedynamic(DynamicCallSiteDesc.of(bootstrap, "reference", type, method)).pop();
  }

  private static List<Method> methods(Class<?> owner) {
    return Stream.of(owner.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .toList();
  }

  private static boolean takesOperator(Method method) {
    Class<?>[] types = method.getParameterTypes();
    return types.length > 0 && types[0].getDeclaringClass() == VectorOperators.class;
  }

  private static boolean isRefused(Method method) {
    try {
      counters(code -> call(code, method));
      return false;
    } catch (IllegalStateException e) {
      assertTrue(e.getMessage().startsWith(UNKNOWN + "method="), e.getMessage());
      return true;
    }
  }

  private static void assertRefused(Consumer<CodeBuilder> body, Method method) {
    String message =
        assertThrows(IllegalStateException.class, () -> counters(body), method.toString())
            .getMessage();
    String named = UNKNOWN + "method=" + internal(method.getDeclaringClass());
    assertTrue(message.startsWith(named + "." + method.getName()), message);
  }

  /// Which counters stand in a kernel of this body.
  private static List<String> counters(Consumer<CodeBuilder> body) {
    byte[] kernel =
        ClassFile.of()
            .build(
                ClassDesc.of("dev.sluice.kernel.scalar.Sample"),
                builder ->
                    builder.withMethodBody(
                        "run",
                        MethodTypeDesc.of(ConstantDescs.CD_void),
                        ClassFile.ACC_STATIC,
                        code -> {
                          body.accept(code);
                          code.return_();
                        }));
    byte[] counted = CountingLoader.transform(kernel, "dev.sluice.kernel.scalar.Sample");
    return ClassFile.of()
        .parse(counted)
        .methods()
        .getFirst()
        .code()
        .orElseThrow()
        .elementStream()
        .filter(InvokeInstruction.class::isInstance)
        .map(InvokeInstruction.class::cast)
        .filter(call -> call.owner().asInternalName().equals(internal(OperationCounter.class)))
        .map(call -> call.name().stringValue())
        .toList();
  }

  private static void call(CodeBuilder code, Method method) {
    call(code, method, null);
  }

  /// @param operator the first argument, null for none
  private static void call(CodeBuilder code, Method method, Field operator) {
    Class<?> owner = method.getDeclaringClass();
    boolean isStatic = Modifier.isStatic(method.getModifiers());
    if (!isStatic) {
      code.aconst_null();
    }
    Class<?>[] parameters = method.getParameterTypes();
    for (int index = 0; index < parameters.length; index++) {
      if (index == 0 && operator != null) {
        code.getstatic(desc(VectorOperators.class), operator.getName(), desc(operator.getType()));
      } else {
        pushZero(code, parameters[index]);
      }
    }
    MethodTypeDesc type =
        MethodType.methodType(method.getReturnType(), parameters).describeConstable().orElseThrow();
    if (isStatic) {
      code.invokestatic(desc(owner), method.getName(), type, owner.isInterface());
    } else if (owner.isInterface()) {
      code.invokeinterface(desc(owner), method.getName(), type);
    } else {
      code.invokevirtual(desc(owner), method.getName(), type);
    }
    switch (TypeKind.from(method.getReturnType()).slotSize()) {
      case 1 -> code.pop();
      case 2 -> code.pop2();
      default -> {}
    }
  }

  private static void pushZero(CodeBuilder code, Class<?> type) {
    switch (TypeKind.from(type).asLoadable()) {
      case INT -> code.iconst_0();
      case LONG -> code.lconst_0();
      case FLOAT -> code.fconst_0();
      case DOUBLE -> code.dconst_0();
      default -> code.aconst_null();
    }
  }

  private static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }

  private static String internal(Class<?> type) {
    return type.getName().replace('.', '/');
  }
}
