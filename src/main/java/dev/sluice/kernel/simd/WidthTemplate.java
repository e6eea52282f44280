package dev.sluice.kernel.simd;

import dev.sluice.memory.WeightPrecision;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Loads a kernel class once per vector width, block size, precision of weights, and what varies inside its loops.
///
/// The JIT turns Vector API calls into instructions only where the species is a compile-time constant, that is a `static final`, and hoists
/// bounds checks only where a loop's stride is one. So the class is defined anew, as a hidden class, for each shape it is wanted in, with
/// that shape as class data. One source then serves every width, all widths can be tested in one JVM, blocks narrower than the widest
/// vector get a narrower one, and type profiles of one shape do not disturb another's.
///
/// A template names no other template, or it would meet that one's ordinary version, but may use fragments: [TemplateInliner]. It has a
/// constructor without parameters, and static finals made of [#shapeOf].
///
/// @param <K> the contract it implements
final class WidthTemplate<K> {
  /// What a template is loaded for.
  ///
  /// @param floats vectors of outputs: at most half a block
  /// @param blockSize 0 for templates that know no blocks
  /// @param listsInputs for [ListedInputs] in place of [AllInputs]
  /// @param addsSums for [AddedSums] and [WithoutBias] in place of [FreshSums] and [WithBias]
  /// @param copies of what stands between the marks of [Copies]
  record Shape(
      VectorSpecies<Float> floats,
      int blockSize,
      WeightPrecision precision,
      boolean listsInputs,
      boolean addsSums,
      int copies) {
    /// For templates without fragments.
    static Shape of(VectorSpecies<Float> floats, int blockSize) {
      return new Shape(floats, blockSize, WeightPrecision.F32, false, false, 1);
    }

    Shape withCopies(int newCopies) {
      return new Shape(floats, blockSize, precision, listsInputs, addsSums, newCopies);
    }

    /// As many 32-bit words as a vector has units.
    VectorSpecies<Integer> ints() {
      return floats.withLanes(int.class);
    }

    /// As many bytes, or 64 bits of them where that is less than a vector can be.
    VectorSpecies<Byte> bytes() {
      int bits = Math.max(64, floats.vectorBitSize() / Float.BYTES);
      return VectorSpecies.of(byte.class, VectorShape.forBitSize(bits));
    }

    /// Stored bytes of one input's weights.
    int inputBytes() {
      return blockSize * precision.elementBytes();
    }

    /// From a pair's first unit to the first of its second vector: the next vector, or half a block where weights are stored so.
    int upperUnits() {
      return precision == WeightPrecision.BF16 ? blockSize / 2 : floats.length();
    }

    /// From one pair's first unit to the next pair's.
    int pairUnits() {
      return precision == WeightPrecision.BF16 ? floats.length() : 2 * floats.length();
    }

    /// Pairs of vectors in a block.
    int pairs() {
      return blockSize / (2 * floats.length());
    }

    /// From one pair to the next in a stored row.
    int pairBytes() {
      return 2 * floats.length() * precision.elementBytes();
    }

    /// From the beginning of a pair in a stored row to its second vector; both are in one load where words hold two weights, or where
    /// a vector of bytes holds both.
    int upperBytes() {
      return switch (precision) {
        case F32 -> floats.vectorByteSize();
        case BF16 -> 0;
        case INT8 -> upperPart() == 1 ? 0 : floats.length();
      };
    }

    /// Which part of a vector of bytes the second vector of a pair is.
    int upperPart() {
      return bytes().length() > floats.length() ? 1 : 0;
    }

    private Map<Class<?>, Class<?>> fragments() {
      Class<?> weights =
          switch (precision) {
            case F32 -> F32Weights.class;
            case BF16 -> Bf16Weights.class;
            case INT8 -> Int8Weights.class;
          };
      return Map.of(
          F32Weights.class,
          weights,
          UnscaledSums.class,
          precision.isScaled() ? ScaledSums.class : UnscaledSums.class,
          AllInputs.class,
          listsInputs ? ListedInputs.class : AllInputs.class,
          FreshSums.class,
          addsSums ? AddedSums.class : FreshSums.class,
          WithBias.class,
          addsSums ? WithoutBias.class : WithBias.class);
    }
  }

  private record Key(Class<?> template, Shape shape) {}

  /// JVM-wide, so that code compiled for one set of kernels serves the next.
  private static final Map<Key, Object> INSTANCES = new ConcurrentHashMap<>();

  private final Class<K> contract;
  private final Class<? extends K> template;

  WidthTemplate(Class<K> contract, Class<? extends K> template) {
    this.contract = contract;
    this.template = template;
  }

  /// The shape of the class being initialised.
  static Shape shapeOf(MethodHandles.Lookup lookup) {
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
    return contract.cast(INSTANCES.computeIfAbsent(new Key(template, shape), this::load));
  }

  private Object load(Key key) {
    Shape shape = key.shape();
    try {
      byte[] bytes = new TemplateInliner(shape.fragments(), shape.copies()).apply(template);
      MethodHandles.Lookup hidden =
          MethodHandles.lookup().defineHiddenClassWithClassData(bytes, shape, true);
      return hidden
          .findConstructor(hidden.lookupClass(), MethodType.methodType(void.class))
          .invoke();
    } catch (Throwable e) {
      throw new IllegalStateException(
          "kernel class cannot be loaded: class=" + template.getName() + ", shape=" + shape, e);
    }
  }
}
