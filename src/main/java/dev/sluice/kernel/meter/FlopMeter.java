package dev.sluice.kernel.meter;

import dev.sluice.kernel.Kernels;
import dev.sluice.memory.Panels;
import java.lang.reflect.InvocationTargetException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// Measures what kernels execute: hands out kernels whose own class files have counters among their instructions ([CountingTransform]), and adds up per panels
/// what products came to, and by kind what all else came to. It knows no model and no account.
///
/// The kernels give the same bits as those they are copies of, and take the same ways; only their speed means nothing. Any thread may use them and ask for counts; those of
/// products that run meanwhile are in or not.
public final class FlopMeter {
  /// One loader for all meters, so that kernels are loaded, and compiled, once.
  private static final CountingLoader LOADER = new CountingLoader(FlopMeter.class.getClassLoader());

  private final Kernels kernels;
  private final Map<Long, ProductOperations> products = new ConcurrentHashMap<>();
  private final Map<ElementwiseKind, LongAdder> elementwise = new EnumMap<>(ElementwiseKind.class);

  private FlopMeter(Kernels counted) {
    this.kernels = new MeteredKernels(counted, this);
    for (ElementwiseKind kind : ElementwiseKind.values()) {
      elementwise.put(kind, new LongAdder());
    }
  }

  /// A meter of kernels like these.
  public static FlopMeter of(Kernels likeThese) {
    return new FlopMeter(counted(likeThese));
  }

  /// To be given to predictors and trainers in place of others.
  public Kernels kernels() {
    return kernels;
  }

  /// What products of these panels executed since the last [#reset]. Panels are told apart by their memory.
  public ProductOperations of(Panels panels) {
    return products.getOrDefault(panels.segment().address(), ProductOperations.NONE);
  }

  /// Of all panels, also those that nobody else knows, such as gradients.
  public ProductOperations ofAllProducts() {
    return products.values().stream().reduce(ProductOperations.NONE, ProductOperations::plus);
  }

  /// Floating-point operations since the last [#reset] that belong to no product, by what they are for. How many there are may depend on the width of vectors.
  public Map<ElementwiseKind, Long> ofElements() {
    Map<ElementwiseKind, Long> flops = new EnumMap<>(ElementwiseKind.class);
    elementwise.forEach((kind, sum) -> flops.put(kind, sum.sum()));
    return flops;
  }

  /// Of all products and of all else.
  public long flops() {
    return ofAllProducts().flops() + elementwise.values().stream().mapToLong(LongAdder::sum).sum();
  }

  public void reset() {
    products.clear();
    elementwise.values().forEach(LongAdder::reset);
  }

  /// Runs what belongs to no product and counts it.
  void run(ElementwiseKind kind, Runnable call) {
    get(
        kind,
        () -> {
          call.run();
          return kind;
        });
  }

  /// The same for calls that return something.
  <T> T get(ElementwiseKind kind, Supplier<T> call) {
    OperationCounter counter = OperationCounter.ofThread();
    long before = counter.flops();
    T result = call.get();
    LongAdder sum = elementwise.get(kind);
    if (sum != null) {
      sum.add(counter.flops() - before);
    }
    return result;
  }

  void add(Panels panels, ProductOperations operations) {
    products.merge(panels.segment().address(), operations, ProductOperations::plus);
  }

  private static Kernels counted(Kernels likeThese) {
    boolean isScalar = likeThese.vectorBits() == Float.SIZE;
    try {
      return isScalar
          ? (Kernels) load("scalar.ScalarKernels").getConstructor().newInstance()
          : (Kernels)
              load("simd.SimdKernels")
                  .getMethod("create", int.class)
                  .invoke(null, likeThese.vectorBits());
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(
          "counting kernels cannot be made: kernels=" + likeThese.name(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "counting kernels cannot be loaded: kernels=" + likeThese.name(), e);
    }
  }

  private static Class<?> load(String name) throws ClassNotFoundException {
    return Class.forName("dev.sluice.kernel." + name, true, LOADER);
  }
}
