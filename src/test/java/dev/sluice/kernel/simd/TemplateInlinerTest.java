package dev.sluice.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Test;

final class TemplateInlinerTest {
  static final class Plus {
    private Plus() {}

    @Inlined
    static long apply(long a, int b) {
      long sum = a + b;
      return sum;
    }

    static String name() {
      return "plus";
    }
  }

  static final class Minus {
    private Minus() {}

    @Inlined
    static long apply(long a, int b) {
      return a - b;
    }

    static String name() {
      return "minus";
    }
  }

  static final class Template implements LongBinaryOperator {
    @Override
    public long applyAsLong(long a, long b) {
      long result = 0;
      for (int i = 0; i < b; i++) {
        result = twice(result, a);
      }
      return result;
    }

    /// Nested, with wide parameters in an order that is not that of the slots.
    @Inlined
    private static long twice(long result, long a) {
      return Plus.apply(Plus.apply(result, (int) a), 1);
    }

    @Override
    public String toString() {
      return Plus.name();
    }
  }

  static final class Branching implements LongBinaryOperator {
    @Override
    public long applyAsLong(long a, long b) {
      return larger(a, b);
    }

    @Inlined
    private static long larger(long a, long b) {
      return a > b ? a : b;
    }
  }

  private static LongBinaryOperator load(Class<?> template, Map<Class<?>, Class<?>> variants)
      throws ReflectiveOperationException {
    byte[] bytes = new TemplateInliner(variants).apply(template);
    Class<?> hidden = MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass();
    return (LongBinaryOperator) hidden.getDeclaredConstructor().newInstance();
  }

  @Test
  void inlinedMethodsComputeWhatCallsDid() throws ReflectiveOperationException {
    LongBinaryOperator loaded = load(Template.class, Map.of());
    assertEquals(new Template().applyAsLong(7, 3), loaded.applyAsLong(7, 3));
    assertEquals("plus", loaded.toString());
  }

  @Test
  void callsGoToTheVariantThatWasChosen() throws ReflectiveOperationException {
    LongBinaryOperator loaded = load(Template.class, Map.of(Plus.class, Minus.class));
    assertEquals(-24, loaded.applyAsLong(7, 3));
    assertEquals("minus", loaded.toString());
  }

  @Test
  void inlinedMethodsAreGoneFromTheLoadedClass() throws ReflectiveOperationException {
    for (var method : load(Template.class, Map.of()).getClass().getDeclaredMethods()) {
      assertTrue(!method.getName().equals("twice"), method.toString());
    }
  }

  @Test
  void methodsWithBranchesAreRefused() {
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> load(Branching.class, Map.of()));
    assertTrue(refused.getMessage().contains("method=larger"), refused.getMessage());
  }
}
