package dev.sluice.runtime;

import dev.sluice.kernel.Kernels;
import dev.sluice.memory.WeightPrecision;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The few costs that depend on the machine, and where they come from. They decide which of two ways to the same bits is taken.
///
/// [#PROPERTY] says how they are found:
///
/// - `measure` (default): by a warm-up, in a few milliseconds; until then defaults hold.
/// - `file`: read from a file of this machine, JDK and kernels in [#DIRECTORY_PROPERTY] (default `.cache/sluice` in the user's home); where
///   there is none, or it is damaged or of another machine, a warm-up measures and writes it. If it cannot be written the measured
///   costs hold for this JVM alone.
/// - `defaults`: constants, so that counts of executed MACs are the same everywhere.
///
/// Costs once found hold until the JVM ends.
///
/// @param source `defaults`, `measured`, the files they were read from; several if the values differ in it
/// @param values ratios, by name
public record Calibration(String source, Map<String, Double> values) {
  public static final String PROPERTY = "dev.sluice.calibration";
  public static final String DIRECTORY_PROPERTY = "dev.sluice.calibrationDirectory";

  /// For machines that are slow or busy; a second is common.
  private static final long COMPILE_NANOS = 10_000_000_000L;

  private static final String DEFAULTS = "defaults";
  private static final List<String> MODES = List.of("measure", "file", DEFAULTS);
  private static final Map<String, Found> FOUND = new ConcurrentHashMap<>();

  private record Found(ListingCosts costs, String source) {}

  public Calibration {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /// What holds for products of `kernels` with blocks of 32 units in f32, found now if it was not and the property lets it.
  public static Calibration of(Kernels kernels) {
    Map<String, Double> values = new LinkedHashMap<>();
    Set<String> sources = new LinkedHashSet<>();
    long deadlineNanos = System.nanoTime() + COMPILE_NANOS;
    for (ListedProduct.Size size : ListedProduct.Size.values()) {
      ListedProduct product = ListedProduct.example(size, 32, WeightPrecision.F32);
      find(kernels, product, deadlineNanos);
      Found found = known(kernels, product);
      String name = size.name().toLowerCase(Locale.ROOT).replace('_', '-');
      found.costs.values().forEach((key, value) -> values.put(key + "." + name, value));
      sources.add(found.source);
    }
    return new Calibration(String.join(", ", sources), values);
  }

  /// The costs to decide by at present.
  static ListingCosts costs(Kernels kernels, ListedProduct product) {
    return known(kernels, product).costs;
  }

  /// Measures what is neither known nor on file, unless its kernels are not compiled by `deadlineNanos`, a value of [System#nanoTime].
  static void find(Kernels kernels, ListedProduct product, long deadlineNanos) {
    if (mode().equals(DEFAULTS) || !known(kernels, product).source.equals(DEFAULTS)) {
      return;
    }
    try (Arena arena = Arena.ofShared()) {
      if (!CompileLoop.run(KernelRehearsal.ofListing(product, kernels, arena), deadlineNanos)) {
        return;
      }
    }
    ListingCosts measured = new ListingMeasurement(kernels, product).run();
    if (measured.isPlausible()) {
      FOUND.put(product.costsKey(kernels), new Found(measured, "measured"));
      file(kernels, product).ifPresent(file -> file.write(measured));
    }
  }

  private static Found known(Kernels kernels, ListedProduct product) {
    String key = product.costsKey(kernels);
    Found found = mode().equals(DEFAULTS) ? null : FOUND.get(key);
    if (found != null) {
      return found;
    }
    Optional<CalibrationFile> file = file(kernels, product);
    Optional<ListingCosts> read = file.flatMap(CalibrationFile::read);
    if (read.isEmpty()) {
      return new Found(ListingCosts.defaults(product.size()), DEFAULTS);
    }
    Found fromFile = new Found(read.get(), file.get().path().toString());
    FOUND.put(key, fromFile);
    return fromFile;
  }

  private static Optional<CalibrationFile> file(Kernels kernels, ListedProduct product) {
    if (!mode().equals("file")) {
      return Optional.empty();
    }
    String home = System.getProperty("user.home", ".");
    String directory =
        System.getProperty(DIRECTORY_PROPERTY, Path.of(home, ".cache", "sluice").toString());
    String machine = MachineName.get() + ", " + product.costsKey(kernels);
    return Optional.of(new CalibrationFile(Path.of(directory), machine));
  }

  private static String mode() {
    String mode = System.getProperty(PROPERTY, "measure");
    if (!MODES.contains(mode)) {
      throw new IllegalArgumentException(
          "unknown calibration: " + PROPERTY + "=" + mode + ", known=" + String.join(", ", MODES));
    }
    return mode;
  }

  /// Forgets what was found, for tests of what a fresh JVM does.
  static void forget() {
    FOUND.clear();
  }
}
