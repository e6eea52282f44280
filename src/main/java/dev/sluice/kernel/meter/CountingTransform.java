package dev.sluice.kernel.meter;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;

/// Puts a counter beside each floating-point operation of a method. For one method.
///
/// Counted are additions, subtractions, multiplications, divisions, roots, logarithms, minima and maxima as one each, fused multiply-adds as two; a vector's
/// for each of its lanes, of which the vector itself is asked. Not counted are comparisons, selections, conversions, changes of sign and operations on integers, such
/// as those that widen bf16. A method of vectors, of `Math`, `Float` or `Double` that is in no list is an error, and so is a reference to one, so that none is overlooked.
final class CountingTransform implements CodeTransform {
  private static final String VECTORS = "jdk/incubator/vector/";
  private static final String OPERATORS = VECTORS + "VectorOperators";
  private static final String FLOAT_VECTOR = VECTORS + "FloatVector";
  private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
  private static final ClassDesc PANELS = ClassDesc.of("dev.sluice.memory.Panels");
  private static final ClassDesc COUNTER = ClassDesc.of(OperationCounter.class.getName());
  private static final MethodTypeDesc OF_LANES =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);

  private static final Set<String> SINGLE_OPERATORS =
      Set.of("ADD", "SUB", "MUL", "DIV", "SQRT", "MIN", "MAX");
  private static final Set<String> UNCOUNTED_OPERATORS = Set.of("ABS", "NEG");

  /// Vectors of integers: their operators are not counted.
  private static final Set<String> INTEGER_VECTORS =
      Set.of(VECTORS + "ByteVector", VECTORS + "ShortVector", VECTORS + "IntVector");

  private static final Set<String> MOVES =
      Set.of("broadcast", "fromMemorySegment", "zero", "intoMemorySegment");

  /// Of each class the methods that execute nothing, beside [#MOVES] of vectors.
  private static final Map<String, Set<String>> UNCOUNTED_METHODS =
      Map.of(
          FLOAT_VECTOR,
          Set.of("blend", "lane"),
          VECTORS + "IntVector",
          Set.of("addIndex", "compress", "intoArray", "reinterpretAsFloats"),
          VECTORS + "VectorMask",
          Set.of("cast", "toLong", "trueCount"),
          VECTORS + "VectorSpecies",
          Set.of("length", "of", "vectorBitSize", "vectorByteSize", "withLanes"),
          VECTORS + "VectorShape",
          Set.of("forBitSize"),
          "java/lang/Float",
          Set.of("floatToRawIntBits", "intBitsToFloat"));

  private static final Set<String> SINGLE_MATH = Set.of("sqrt", "log", "min", "max");
  private static final Set<String> UNCOUNTED_MATH = Set.of("abs");
  private static final Set<Opcode> SINGLE_OPCODES =
      Set.of(
          Opcode.FADD,
          Opcode.FSUB,
          Opcode.FMUL,
          Opcode.FDIV,
          Opcode.FREM,
          Opcode.DADD,
          Opcode.DSUB,
          Opcode.DMUL,
          Opcode.DDIV,
          Opcode.DREM);

  /// The methods by which kernels read a vector of weights, and the stored bytes of each.
  private static final Map<String, Integer> WEIGHT_BYTES =
      Map.of("F32Weights", 4, "Bf16Weights", 2, "Int8Weights", 1);

  private final int weightBytes;

  /// Operators that wait for their call. Calls nest, so they are taken in reverse.
  private final Deque<String> operators = new ArrayDeque<>();

  /// @param simpleName of the method's class
  CountingTransform(String simpleName) {
    this.weightBytes = WEIGHT_BYTES.getOrDefault(simpleName, 0);
  }

  @Override
  public void accept(CodeBuilder code, CodeElement element) {
    switch (element) {
      case FieldInstruction field when isOperator(field) -> {
        operators.push(field.name().stringValue());
        code.with(field);
      }
      case OperatorInstruction operator when SINGLE_OPCODES.contains(operator.opcode()) -> {
        code.with(operator).loadConstant(1);
        count(code, "single");
      }
      case InvokeInstruction call -> addCall(code, call);
      case InvokeDynamicInstruction dynamic -> {
        dynamic.bootstrapArgs().forEach(CountingTransform::requireNoReference);
        code.with(dynamic);
      }
      case ReturnInstruction end when weightBytes > 0 && end.opcode() == Opcode.ARETURN -> {
        loadLanes(code);
        code.loadConstant(weightBytes);
        MethodTypeDesc type =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int, ConstantDescs.CD_int);
        code.invokestatic(COUNTER, "weights", type).with(end);
      }
      default -> code.with(element);
    }
  }

  @Override
  public void atEnd(CodeBuilder code) {
    if (!operators.isEmpty()) {
      throw new IllegalStateException("operators are not given to a vector: " + operators);
    }
  }

  private static boolean isOperator(FieldInstruction field) {
    return field.owner().asInternalName().equals(OPERATORS);
  }

  private void addCall(CodeBuilder code, InvokeInstruction call) {
    String owner = call.owner().asInternalName();
    if (isMath(owner)) {
      addMath(code, call);
    } else if (takesOperator(call)) {
      boolean isKnown = owner.equals(FLOAT_VECTOR) || INTEGER_VECTORS.contains(owner);
      require(isKnown && !operators.isEmpty(), call);
      addOperation(code, call, operators.pop());
    } else if (computes(owner)) {
      require(isUncounted(owner, call.name().stringValue()), call);
      code.with(call);
    } else if (call.typeSymbol().equals(MethodTypeDesc.ofDescriptor("(II)F"))
        && call.owner().asSymbol().equals(PANELS)) {
      addWeight(code, call);
    } else {
      code.with(call);
    }
  }

  private static boolean isMath(String owner) {
    return owner.equals("java/lang/Math") || owner.equals("java/lang/StrictMath");
  }

  private static boolean computes(String owner) {
    return owner.startsWith(VECTORS)
        || owner.equals("java/lang/Float")
        || owner.equals("java/lang/Double");
  }

  private static boolean isUncounted(String owner, String method) {
    boolean moves = owner.equals(FLOAT_VECTOR) || INTEGER_VECTORS.contains(owner);
    return moves && MOVES.contains(method)
        || UNCOUNTED_METHODS.getOrDefault(owner, Set.of()).contains(method);
  }

  /// What is called by a reference is not among the instructions.
  private static void requireNoReference(ConstantDesc argument) {
    if (argument instanceof DirectMethodHandleDesc method) {
      String descriptor = method.owner().descriptorString();
      String owner = descriptor.substring(1, descriptor.length() - 1);
      if (isMath(owner) || computes(owner)) {
        throw new IllegalStateException(
            "operation is not known to the meter: reference="
                + owner
                + "."
                + method.methodName()
                + method.lookupDescriptor());
      }
    }
  }

  private static boolean takesOperator(InvokeInstruction call) {
    return call.owner().asInternalName().startsWith(VECTORS)
        && call.type().stringValue().startsWith("(L" + OPERATORS);
  }

  private static void addMath(CodeBuilder code, InvokeInstruction call) {
    String name = call.name().stringValue();
    String type = call.type().stringValue();
    code.with(call);
    boolean isFloatingPoint = type.endsWith(")F") || type.endsWith(")D");
    if (!isFloatingPoint || UNCOUNTED_MATH.contains(name)) {
      return;
    }
    require(name.equals("fma") || SINGLE_MATH.contains(name), call);
    code.loadConstant(1);
    count(code, name.equals("fma") ? "fused" : "single");
  }

  private static void addOperation(CodeBuilder code, InvokeInstruction call, String operator) {
    boolean isOfFloats = call.owner().asInternalName().equals(FLOAT_VECTOR);
    String name = call.name().stringValue();
    if (!isOfFloats || name.equals("compare") || UNCOUNTED_OPERATORS.contains(operator)) {
      code.with(call);
    } else if (name.equals("reduceLanes")) {
      require(SINGLE_OPERATORS.contains(operator), call);
      code.swap();
      loadLanes(code);
      code.loadConstant(1).isub();
      count(code, "single");
      code.swap().with(call);
    } else {
      boolean isFused = operator.equals("FMA");
      require(name.equals("lanewise") && (isFused || SINGLE_OPERATORS.contains(operator)), call);
      code.with(call);
      loadLanes(code);
      count(code, isFused ? "fused" : "single");
    }
  }

  private static void addWeight(CodeBuilder code, InvokeInstruction call) {
    require(call.name().equalsString("stored"), call);
    MethodTypeDesc type =
        MethodTypeDesc.of(
            ConstantDescs.CD_float, PANELS, ConstantDescs.CD_int, ConstantDescs.CD_int);
    code.invokestatic(COUNTER, "stored", type);
  }

  /// Of the vector on top of the stack, which stays.
  private static void loadLanes(CodeBuilder code) {
    code.dup().invokevirtual(VECTOR, "length", MethodTypeDesc.of(ConstantDescs.CD_int));
  }

  private static void count(CodeBuilder code, String method) {
    code.invokestatic(COUNTER, method, OF_LANES);
  }

  private static void require(boolean isKnown, InvokeInstruction call) {
    if (!isKnown) {
      throw new IllegalStateException(
          "operation is not known to the meter: method="
              + call.owner().asInternalName()
              + "."
              + call.name().stringValue()
              + call.type().stringValue());
    }
  }
}
