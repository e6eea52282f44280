package dev.sluice.kernel.simd;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.PseudoInstruction;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// Repeats what a method has between the marks of [Copies]. For one method; the first copy keeps the variables' slots, so that what stands
/// outside sees its values.
final class CopyTransform implements CodeTransform {
  private static final String MARKS = Copies.class.getName().replace('.', '/');

  private final int copies;
  private final BiConsumer<CodeBuilder, CodeElement> next;
  private final Map<Integer, int[]> slots = new HashMap<>();
  private final List<CodeElement> repeated = new ArrayList<>();
  private boolean isBetweenMarks;

  /// @param next takes the elements of the method as they are to be
  CopyTransform(int copies, BiConsumer<CodeBuilder, CodeElement> next) {
    this.copies = copies;
    this.next = next;
  }

  @Override
  public void accept(CodeBuilder code, CodeElement element) {
    switch (mark(element)) {
      case "begin" -> isBetweenMarks = true;
      case "end" -> {
        addCopies(code);
        repeated.clear();
        isBetweenMarks = false;
      }
      default -> {
        if (isBetweenMarks) {
          repeated.add(element);
        } else {
          next.accept(code, element);
        }
      }
    }
  }

  /// The method's name if `element` calls one of [Copies], else nothing.
  private static String mark(CodeElement element) {
    return element instanceof InvokeInstruction call && call.owner().asInternalName().equals(MARKS)
        ? call.name().stringValue()
        : "";
  }

  private void addCopies(CodeBuilder code) {
    for (CodeElement element : repeated) {
      if (element instanceof StoreInstruction store) {
        slots.computeIfAbsent(store.slot(), slot -> allocate(code, slot, store.typeKind()));
      }
    }
    for (int copy = 0; copy < copies; copy++) {
      for (CodeElement element : repeated) {
        addElement(code, element, copy);
      }
    }
  }

  private int[] allocate(CodeBuilder code, int original, TypeKind kind) {
    int[] perCopy = new int[copies];
    perCopy[0] = original;
    for (int copy = 1; copy < copies; copy++) {
      perCopy[copy] = code.allocateLocal(kind);
    }
    return perCopy;
  }

  private void addElement(CodeBuilder code, CodeElement element, int copy) {
    switch (element) {
      case InvokeInstruction call when mark(call).equals("index") -> code.loadConstant(copy);
      case LoadInstruction load ->
          next.accept(code, LoadInstruction.of(load.typeKind(), slot(load.slot(), copy)));
      case StoreInstruction store ->
          next.accept(code, StoreInstruction.of(store.typeKind(), slot(store.slot(), copy)));
      case BranchInstruction branch ->
          throw new IllegalStateException("repeated statements branch: instruction=" + branch);
      case Instruction instruction -> next.accept(code, instruction);
      case PseudoInstruction pseudo when copy == 0 -> next.accept(code, pseudo);
      default -> {}
    }
  }

  private int slot(int original, int copy) {
    int[] perCopy = slots.get(original);
    return perCopy == null ? original : perCopy[copy];
  }
}
