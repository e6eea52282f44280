package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The same seed trains the same model on every machine: functions of `Math` whose last bit a platform may choose are taken from `StrictMath`.
class StrictFunctionsTest {
  private static final Set<String> PLATFORM_FUNCTIONS =
      Set.of(
          "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "exp",
          "expm1", "log", "log10", "log1p", "pow", "cbrt", "hypot");

  @Test
  void noClassUsesAFunctionThatDiffersBetweenPlatforms() throws IOException, URISyntaxException {
    Set<String> offenders = new TreeSet<>();
    boolean usesStrictMath = false;
    for (ClassModel model : CompiledClasses.all()) {
      usesStrictMath |= CompiledClasses.anyCode(model, code -> calls(code, "java/lang/StrictMath"));
      if (CompiledClasses.anyCode(model, code -> calls(code, "java/lang/Math"))) {
        offenders.add(model.thisClass().asInternalName());
      }
    }
    assertTrue(usesStrictMath, "no call was recognised");
    assertEquals(Set.of(), offenders);
  }

  private static boolean calls(CodeElement code, String owner) {
    return code instanceof InvokeInstruction call
        && call.owner().asInternalName().equals(owner)
        && PLATFORM_FUNCTIONS.contains(call.name().stringValue());
  }
}
