package dev.sluice.audit;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.account.MacFormulas;
import dev.sluice.kernel.meter.FlopMeter;
import dev.sluice.model.Model;
import dev.sluice.runtime.Budget;
import dev.sluice.runtime.FeatureCheck;
import dev.sluice.runtime.GateHealth;
import dev.sluice.runtime.Predictor;
import dev.sluice.runtime.PublishedMacs;
import dev.sluice.runtime.ZeroSkipping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A model's account over some rows, beside what its kernels executed for them and, if asked for, where their time went.
///
/// @param books of the rows one by one; structural MACs are measured on a second way through them, with every zero multiplied
/// @param promised summed over the rows
/// @param denseMacs of a row
/// @param published relative MACs as others define them
/// @param batch the same rows in batches, null if there were none
/// @param time null if it was not measured
/// @param hardware null if it was not asked for
public record Audit(
    Books books,
    MacCount promised,
    int rows,
    long denseMacs,
    PublishedMacs published,
    @Nullable BatchAudit batch,
    @Nullable TimeBooks time,
    @Nullable HardwareCount hardware) {
  /// For busy machines: what is not known of the machine by then would be found while others are timed, and change what they execute.
  private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(10);

  /// Answers the rows one by one with metered kernels, which are many times slower than others; then does what else `settings` ask for.
  ///
  /// @param rows at least one
  /// @throws IllegalArgumentException if the model cannot keep the budget
  public static Audit of(Model model, float[][] rows, AuditSettings settings) {
    if (rows.length == 0) {
      throw new IllegalArgumentException("audit has no rows: rows=0");
    }
    AuditSettings settled = settings.withBudget(settled(model, settings));
    FlopMeter meter = FlopMeter.of(settled.kernels());
    MacCounter promised = new MacCounter(model.spec().layers().size());
    GateHealth gates = answer(model, rows, settled, meter, promised);
    Books books = withStructural(model, rows, settled, promised, Books.of(model, promised, meter));
    long denseMacs = model.spec().denseMacs();
    MacShares shares = MacShares.of(promised, (double) denseMacs * rows.length);
    return new Audit(
        books,
        promised,
        rows.length,
        denseMacs,
        PublishedMacs.of(model.spec(), gates.openShares(model.spec())),
        settled.batchRows() == 0 ? null : BatchAudit.of(model, rows, settled),
        settled.times() ? TimeMeasurement.measure(model, settled, shares, rows) : null,
        settled.hardware()
            ? HardwareMeasurement.measure(model, settled, meter.flops(), rows)
            : null);
  }

  /// Warm, as how quick the machine is can only be told of compiled code; and the costs by which zeros are skipped are found then, before the first predictor decides by
  /// them.
  private static Budget settled(Model model, AuditSettings settings) {
    try (Predictor predictor =
        Predictor.of(model, FeatureCheck.NONE, settings.kernels(), settings.zeroSkipping())) {
      boolean isMeasured = settings.budget() instanceof Budget.Within;
      if (isMeasured || settings.zeroSkipping() == ZeroSkipping.AUTO) {
        predictor.warmUp(LONGEST_WARM_UP);
      }
      return predictor.settled(settings.budget());
    }
  }

  private static Books withStructural(
      Model model, float[][] rows, AuditSettings settings, MacCount promised, Books books) {
    if (settings.zeroSkipping() == ZeroSkipping.OFF) {
      return books.withStructural(promised, books, promised);
    }
    FlopMeter meter = FlopMeter.of(settings.kernels());
    MacCounter account = new MacCounter(promised.layers());
    answer(model, rows, settings.withZeroSkipping(ZeroSkipping.OFF), meter, account);
    return books.withStructural(promised, Books.of(model, account, meter), account);
  }

  private static GateHealth answer(
      Model model, float[][] rows, AuditSettings settings, FlopMeter meter, MacCounter promised) {
    GateHealth.Builder gates = GateHealth.builder(model.spec());
    float[] answer = new float[model.spec().outputs()];
    try (Predictor predictor =
        Predictor.of(model, FeatureCheck.NONE, meter.kernels(), settings.zeroSkipping())) {
      predictor.rehearse();
      predictor.budget(settings.budget());
      meter.reset();
      for (float[] row : rows) {
        predictor.predict(row, answer);
        promised.add(predictor.macs());
        gates.add(predictor, 0);
      }
    }
    return gates.build();
  }

  /// Structural MACs over dense ones.
  public double relativeMacs() {
    return MacFormulas.relative(promised.structuralMacs(), denseMacs * rows);
  }

  /// Whether all that was counted is what was promised.
  public boolean isBalanced() {
    return differences().isEmpty();
  }

  /// What is wrong, one line each; empty if the books balance.
  public List<String> differences() {
    List<String> differences = new ArrayList<>(books.differences());
    if (batch == null) {
      return differences;
    }
    String which = "batches of " + batch.batchRows() + " rows: ";
    batch.books().differences().forEach(difference -> differences.add(which + difference));
    long structural = batch.structural().structuralMacs();
    if (structural != promised.structuralMacs()) {
      differences.add(
          which
              + "structural MACs are not those of the rows: expected="
              + promised.structuralMacs()
              + ", actual="
              + structural);
    }
    return differences;
  }
}
