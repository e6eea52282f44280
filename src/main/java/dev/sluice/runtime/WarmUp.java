package dev.sluice.runtime;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.model.Model;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/// Brings the code that a model's requests run to its final speed: a fresh JVM interprets it at first, which is a thousand times slower, vectors
/// above all.
///
/// Kernels are compiled by themselves, on small operands, before whole requests run: so each keeps within the JIT's limits, and the order in
/// which they become hot does not depend on the first requests. Then the machine is measured, where [Calibration] asks for it, and
/// requests of dense, sparse and empty rows run. All of it works on operands and predictors of its own: no predictor answers or counts
/// anything. Code is shared by all predictors of a JVM, so a second warm-up of a similar model is short.
///
/// A budget bounds the time; what is not compiled by then is compiled while requests run, as without a warm-up. Too small a budget is no
/// error.
public final class WarmUp {
  /// A bound for slow or busy machines; a warm-up ends before it when everything is compiled.
  public static final Duration DEFAULT_BUDGET = Duration.ofSeconds(2);

  /// Past HotSpot's threshold for the last compiler, for the code around the kernels. Only for small networks that code counts, and
  /// for others [#REQUESTS_NANOS] ends the requests.
  private static final int REQUESTS = 5200;

  private static final long REQUESTS_NANOS = 60_000_000;

  private static final int ROWS = 13;

  private final Model model;
  private final Kernels kernels;
  private final long startNanos = System.nanoTime();
  private final long budgetNanos;

  private WarmUp(Model model, Kernels kernels, Duration budget) {
    if (budget.isNegative()) {
      throw new IllegalArgumentException("warm-up budget is negative: budget=" + budget);
    }
    this.model = model;
    this.kernels = kernels;
    this.budgetNanos = budget.toNanos();
  }

  /// For predictors of `model` with the machine's kernels, made before or after; but one that was made before keeps deciding by the costs
  /// it knew, unless its own [Predictor#warmUp] is called.
  public static void of(Model model) {
    rows(model, KernelProvider.kernels(), ZeroSkipping.standard(), DEFAULT_BUDGET);
  }

  static void rows(Model model, Kernels kernels, ZeroSkipping skipping, Duration budget) {
    new WarmUp(model, kernels, budget).rows(skipping);
  }

  static void batches(Model model, Kernels kernels, Duration budget) {
    new WarmUp(model, kernels, budget).batches();
  }

  private void rows(ZeroSkipping skipping) {
    try (Arena arena = Arena.ofShared()) {
      CompileLoop.run(
          KernelRehearsal.ofRows(model, kernels, skipping, arena), startNanos + budgetNanos);
    }
    if (skipping == ZeroSkipping.AUTO && isTimeLeft()) {
      calibrate();
    }
    Predictor sibling = Predictor.of(model, FeatureCheck.NONE, kernels, skipping);
    sibling.rehearse();
    float[][] rows = rows(1);
    float[] out = new float[model.spec().outputs()];
    repeat(
        request -> {
          sibling.ignoreExits(ignoresExits(request));
          sibling.predict(rows[request % rows.length], out);
        });
  }

  private void calibrate() {
    for (int layer = 0; layer < model.spec().layers().size(); layer++) {
      ListedProduct product = ListedProduct.of(model.weights().layers().get(layer));
      if (Plan.mayList(model.spec(), layer, product, kernels)) {
        Calibration.find(kernels, product, startNanos + budgetNanos);
      }
    }
  }

  private void batches() {
    try (Arena arena = Arena.ofShared()) {
      CompileLoop.run(KernelRehearsal.ofBatches(model, kernels, arena), startNanos + budgetNanos);
    }
    try (BatchPredictor sibling = BatchPredictor.of(model, ROWS, FeatureCheck.NONE, kernels)) {
      float[][] rows = rows(ROWS);
      float[] out = new float[ROWS * model.spec().outputs()];
      repeat(
          request -> {
            sibling.ignoreExits(ignoresExits(request));
            sibling.predict(rows[request % rows.length], ROWS, out);
          });
    }
  }

  /// Three of four times, so that later stages are as warm as the first whatever made-up rows would do at exits.
  private static boolean ignoresExits(int request) {
    return request % 4 != 0;
  }

  private void repeat(IntConsumer request) {
    long end = System.nanoTime() + REQUESTS_NANOS;
    for (int index = 0; index < REQUESTS && System.nanoTime() - end < 0 && isTimeLeft(); index++) {
      request.accept(index);
    }
  }

  private boolean isTimeLeft() {
    return System.nanoTime() - startNanos < budgetNanos;
  }

  /// Dense, sparse and empty.
  private float[][] rows(int rows) {
    SplittableRandom random = new SplittableRandom(1);
    float[] dense = new float[rows * model.spec().inputs()];
    for (int index = 0; index < dense.length; index++) {
      dense[index] = (float) random.nextDouble(0.01, 1);
    }
    float[] sparse = dense.clone();
    for (int index = 0; index < sparse.length; index++) {
      sparse[index] = random.nextInt(4) == 0 ? sparse[index] : 0f;
    }
    return new float[][] {dense, sparse, dense, new float[dense.length], sparse};
  }
}
