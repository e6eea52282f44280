package dev.sluice.kernel;

import dev.sluice.kernel.scalar.ScalarKernels;
import dev.sluice.kernel.simd.SimdKernels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Chooses the kernels, once: SIMD of the machine's width where the JVM can run it well, else scalar.
///
/// Properties, read at first use: `dev.sluice.kernels` = `auto` (default), `scalar`, or `simd` (an error instead of a silent
/// scalar fallback); `dev.sluice.vectorBits` = 128, 256 or 512 instead of the machine's preferred width.
public final class KernelProvider {
  public static final String KERNELS_PROPERTY = "dev.sluice.kernels";
  public static final String VECTOR_BITS_PROPERTY = "dev.sluice.vectorBits";

  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private KernelProvider() {}

  /// The kernels everything uses unless told otherwise.
  public static Kernels kernels() {
    return choice().kernels();
  }

  /// Why [#kernels] are what they are, in one sentence.
  public static String reason() {
    return choice().reason();
  }

  /// Every implementation that this machine can run: scalar, then SIMD of ascending width.
  public static List<Kernels> all() {
    List<Kernels> all = new ArrayList<>();
    all.add(new ScalarKernels());
    if (obstacle().isEmpty()) {
      for (int bits = 128; bits <= SimdKernels.preferredVectorBits(); bits *= 2) {
        all.add(SimdKernels.create(bits));
      }
    }
    return all;
  }

  record Choice(Kernels kernels, String reason) {}

  private static volatile @Nullable Choice choice;

  /// Not a static initialiser: a wrong property shall be an error that names it, at every use.
  private static Choice choice() {
    Choice made = choice;
    return made != null ? made : chooseOnce();
  }

  private static synchronized Choice chooseOnce() {
    Choice made = choice;
    if (made == null) {
      made = choose();
      choice = made;
    }
    return made;
  }

  static Choice choose() {
    String wanted = System.getProperty(KERNELS_PROPERTY, "auto");
    if (!List.of("auto", "scalar", "simd").contains(wanted)) {
      throw new IllegalArgumentException(
          "unknown kernels: " + KERNELS_PROPERTY + "=" + wanted + ", known=auto, scalar, simd");
    }
    if (wanted.equals("scalar")) {
      return new Choice(new ScalarKernels(), "scalar kernels were asked for");
    }
    String obstacle = obstacle();
    if (obstacle.isEmpty()) {
      Kernels simd = SimdKernels.create(vectorBits());
      return new Choice(simd, "the Vector API is present and compiled");
    }
    if (wanted.equals("simd")) {
      throw new IllegalStateException("SIMD kernels were asked for and cannot run: " + obstacle);
    }
    System.getLogger("dev.sluice")
        .log(System.Logger.Level.INFO, "Sluice runs scalar kernels: {0}", obstacle);
    return new Choice(new ScalarKernels(), obstacle);
  }

  private static int vectorBits() {
    String bits = System.getProperty(VECTOR_BITS_PROPERTY);
    if (bits == null) {
      return SimdKernels.preferredVectorBits();
    }
    try {
      return Integer.parseInt(bits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "vector width is not a number: " + VECTOR_BITS_PROPERTY + "=" + bits, e);
    }
  }

  /// What keeps SIMD from running well, empty if nothing does. Asks the boot layer before any class that names a vector is
  /// touched, which would otherwise end in `NoClassDefFoundError`.
  private static String obstacle() {
    if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
      return "module "
          + VECTOR_MODULE
          + " is not resolved; put Sluice on the module path or pass --add-modules "
          + VECTOR_MODULE;
    }
    String virtualMachine = System.getProperty("java.vm.name", "");
    if (virtualMachine.contains("OpenJ9")) {
      return "OpenJ9 runs the Vector API without intrinsics: vm=" + virtualMachine;
    }
    try {
      int bits = SimdKernels.preferredVectorBits();
      return bits < 128 ? "vectors are narrower than 128 bits: vectorBits=" + bits : "";
    } catch (LinkageError e) {
      return "the Vector API does not link: " + e.getMessage();
    }
  }
}
