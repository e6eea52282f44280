package dev.sluice.kernel.simd;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.util.HashMap;
import java.util.Map;

/// Prepares the class file of a template: fragments chosen, [Inlined] methods inlined, [Copies] made.
///
/// A *fragment* is a class of static methods that a template calls by the name of one of its variants; calls go to the variant
/// that the shape asks for. So one source serves all precisions of weights.
final class TemplateInliner {
  private static final String ANNOTATION = Inlined.class.descriptorString();

  private final Map<String, Class<?>> variants;
  private final int copies;
  private final Map<String, ClassModel> models = new HashMap<>();

  /// @param variants by the fragment that templates name
  /// @param copies of what stands between the marks of [Copies], at least 1
  TemplateInliner(Map<Class<?>, Class<?>> variants, int copies) {
    this.copies = copies;
    this.variants = new HashMap<>();
    variants.forEach((named, variant) -> this.variants.put(internalName(named), variant));
  }

  /// The class file of `template` as it is to be loaded.
  byte[] apply(Class<?> template) {
    ClassModel model = model(template);
    ClassTransform dropInlined =
        ClassTransform.dropping(
            element -> element instanceof MethodModel method && isInlined(method));
    ClassTransform copyAndInline =
        ClassTransform.transformingMethodBodies(
            CodeTransform.ofStateful(() -> new CopyTransform(copies, this::add)));
    return ClassFile.of().transformClass(model, dropInlined.andThen(copyAndInline));
  }

  private void add(CodeBuilder code, CodeElement element) {
    if (element instanceof InvokeInstruction call) {
      addCall(code, call);
    } else {
      code.with(element);
    }
  }

  private void addCall(CodeBuilder code, InvokeInstruction call) {
    if (call.opcode() != Opcode.INVOKESTATIC || !isOurs(call)) {
      code.with(call);
      return;
    }
    String owner = call.owner().asInternalName();
    Class<?> variant = variants.get(owner);
    ClassModel source = variant == null ? model(owner) : model(variant);
    MethodModel callee = method(source, call);
    if (isInlined(callee)) {
      addBody(code, callee);
    } else {
      code.invokestatic(
          source.thisClass().asSymbol(), call.name().stringValue(), call.typeSymbol());
    }
  }

  private static boolean isOurs(InvokeInstruction call) {
    return call.owner().asInternalName().startsWith(packagePrefix());
  }

  /// The arguments, on the stack where the call was, become fresh locals; what the body leaves on the stack is the result.
  private void addBody(CodeBuilder code, MethodModel callee) {
    Map<Integer, Integer> slots = new HashMap<>();
    var parameters = callee.methodTypeSymbol().parameterList();
    int[] parameterSlots = new int[parameters.size()];
    int slot = 0;
    for (int index = 0; index < parameterSlots.length; index++) {
      TypeKind kind = TypeKind.from(parameters.get(index));
      parameterSlots[index] = slots.computeIfAbsent(slot, unused -> code.allocateLocal(kind));
      slot += kind.slotSize();
    }
    for (int index = parameterSlots.length - 1; index >= 0; index--) {
      code.storeLocal(TypeKind.from(parameters.get(index)), parameterSlots[index]);
    }
    for (CodeElement element : callee.code().orElseThrow()) {
      addElement(code, element, slots, callee);
    }
  }

  private void addElement(
      CodeBuilder code, CodeElement element, Map<Integer, Integer> slots, MethodModel callee) {
    switch (element) {
      case LoadInstruction load ->
          code.loadLocal(load.typeKind(), slot(code, slots, load.slot(), load.typeKind()));
      case StoreInstruction store ->
          code.storeLocal(store.typeKind(), slot(code, slots, store.slot(), store.typeKind()));
      case InvokeInstruction call -> addCall(code, call);
      case BranchInstruction branch -> throw notStraight(callee, branch);
      case IncrementInstruction increment -> throw notStraight(callee, increment);
      case TableSwitchInstruction branch -> throw notStraight(callee, branch);
      case LookupSwitchInstruction branch -> throw notStraight(callee, branch);
      case ExceptionCatch handler -> throw notStraight(callee, handler);
      case ReturnInstruction unused -> {}
      case Instruction instruction -> code.with(instruction);
      default -> {}
    }
  }

  private static int slot(
      CodeBuilder code, Map<Integer, Integer> slots, int original, TypeKind kind) {
    return slots.computeIfAbsent(original, unused -> code.allocateLocal(kind));
  }

  private static IllegalStateException notStraight(MethodModel callee, CodeElement instruction) {
    return new IllegalStateException(
        "method to be inlined is not one straight line: method="
            + callee.methodName().stringValue()
            + ", instruction="
            + instruction);
  }

  private static boolean isInlined(MethodModel method) {
    return method
        .findAttribute(Attributes.runtimeInvisibleAnnotations())
        .map(
            attribute ->
                attribute.annotations().stream()
                    .anyMatch(annotation -> annotation.className().equalsString(ANNOTATION)))
        .orElse(false);
  }

  private static MethodModel method(ClassModel owner, InvokeInstruction call) {
    for (MethodModel method : owner.methods()) {
      if (method.methodName().equalsString(call.name().stringValue())
          && method.methodType().equalsString(call.type().stringValue())) {
        return method;
      }
    }
    throw new IllegalStateException(
        "fragment lacks a method: class="
            + owner.thisClass().asInternalName()
            + ", method="
            + call.name()
            + call.type());
  }

  private ClassModel model(Class<?> owner) {
    return model(internalName(owner));
  }

  private ClassModel model(String internalName) {
    ClassModel known = models.get(internalName);
    if (known == null) {
      known = ClassFile.of().parse(bytes(internalName));
      models.put(internalName, known);
    }
    return known;
  }

  private static byte[] bytes(String internalName) {
    String resource = internalName.substring(internalName.lastIndexOf('/') + 1) + ".class";
    try (InputStream stream = TemplateInliner.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException("kernel class file is missing: resource=" + resource);
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("kernel class file cannot be read: resource=" + resource, e);
    }
  }

  private static String internalName(Class<?> type) {
    return type.getName().replace('.', '/');
  }

  private static String packagePrefix() {
    return internalName(TemplateInliner.class)
        .substring(0, internalName(TemplateInliner.class).lastIndexOf('/') + 1);
  }
}
