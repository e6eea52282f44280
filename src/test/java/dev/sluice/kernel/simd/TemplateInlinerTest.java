package dev.sluice.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Test;

final class TemplateInlinerTest {
  static final int COPIES = 4;

  /// `Σ_copy (a + copy)·2^b`: each copy has its own sum, which lives across the loop.
  static final class Copied implements LongBinaryOperator {
    @Override
    public long applyAsLong(long a, long b) {
      long[] sums = new long[COPIES];
      Copies.begin();
      int copy = Copies.index();
      long sum = a + copy;
      Copies.end();
      for (int i = 0; i < b; i++) {
        Copies.begin();
        long twice = Plus.apply(sum, (int) sum) - 1;
        sum = twice + 1;
        Copies.end();
      }
      Copies.begin();
      sums[copy] = sum;
      Copies.end();
      return Arrays.stream(sums).sum();
    }
  }

  static final class CopiedBranch implements LongBinaryOperator {
    @Override
    public long applyAsLong(long a, long b) {
      long largest = a;
      Copies.begin();
      largest = b > largest ? b : largest;
      Copies.end();
      return largest;
    }
  }

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
    byte[] bytes = new TemplateInliner(variants, COPIES).apply(template);
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
  void copiesHaveVariablesOfTheirOwn() throws ReflectiveOperationException {
    LongBinaryOperator loaded = load(Copied.class, Map.of());
    assertEquals((10 + 11 + 12 + 13) * 8, loaded.applyAsLong(10, 3));
    assertEquals(10 * 8, new Copied().applyAsLong(10, 3));
  }

  @Test
  void copiedStatementsThatBranchAreRefused() {
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> load(CopiedBranch.class, Map.of()));
    assertTrue(refused.getMessage().contains("repeated statements branch"), refused.getMessage());
  }

  @Test
  void methodsWithBranchesAreRefused() {
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> load(Branching.class, Map.of()));
    assertTrue(refused.getMessage().contains("method=larger"), refused.getMessage());
  }
}
