package dev.sluice.kernel.simd;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.incubator.vector.VectorSpecies;

/// Loads a kernel class once per vector width and block size.
///
/// The JIT turns Vector API calls into instructions only where the species is a compile-time constant, that is a `static final`, and hoists
/// bounds checks only where a loop's stride is one. So the class is defined anew, as a hidden class, for each shape it is wanted in, with
/// that shape as class data. One source then serves every width, all widths can be tested in one JVM, blocks narrower than the widest
/// vector get a narrower one, and type profiles of one shape do not disturb another's.
///
/// A template is a self-contained class: it names no other template, or it would meet that one's ordinary version. It has a
/// constructor without parameters, and static finals read by [#speciesOf] and [#blockSizeOf].
///
/// @param <K> the contract it implements
final class WidthTemplate<K> {
  /// What a template is loaded for.
  ///
  /// @param blockSize 0 for templates that know no blocks
  record Shape(VectorSpecies<Float> species, int blockSize) {}

  /// JVM-wide, so that code compiled for one set of kernels serves the next.
  private static final Map<String, Object> INSTANCES = new ConcurrentHashMap<>();

  private final Class<K> contract;
  private final Class<? extends K> template;

  WidthTemplate(Class<K> contract, Class<? extends K> template) {
    this.contract = contract;
    this.template = template;
  }

  /// The species of the class being initialised.
  static VectorSpecies<Float> speciesOf(MethodHandles.Lookup lookup) {
    return shapeOf(lookup).species();
  }

  /// The block size of the class being initialised.
  static int blockSizeOf(MethodHandles.Lookup lookup) {
    return shapeOf(lookup).blockSize();
  }

  private static Shape shapeOf(MethodHandles.Lookup lookup) {
    try {
      Shape shape = MethodHandles.classData(lookup, "_", Shape.class);
      if (shape == null) {
        throw new IllegalStateException(
            "kernel class was not loaded as a template: class=" + lookup.lookupClass().getName());
      }
      return shape;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("kernel class cannot read its shape", e);
    }
  }

  /// The instance for `shape`, the same one at every call.
  K instance(Shape shape) {
    String key =
        template.getName() + "/" + shape.species().vectorBitSize() + "/" + shape.blockSize();
    return contract.cast(INSTANCES.computeIfAbsent(key, unused -> load(shape)));
  }

  private Object load(Shape shape) {
    try {
      MethodHandles.Lookup hidden =
          MethodHandles.lookup().defineHiddenClassWithClassData(templateBytes(), shape, true);
      return hidden
          .findConstructor(hidden.lookupClass(), MethodType.methodType(void.class))
          .invoke();
    } catch (Throwable e) {
      throw new IllegalStateException(
          "kernel class cannot be loaded: class=" + template.getName() + ", shape=" + shape, e);
    }
  }

  private byte[] templateBytes() {
    String resource = template.getSimpleName() + ".class";
    try (InputStream stream = template.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException("kernel class file is missing: resource=" + resource);
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("kernel class file cannot be read: resource=" + resource, e);
    }
  }
}
