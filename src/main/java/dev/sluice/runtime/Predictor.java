package dev.sluice.runtime;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.account.jfr.FlightEvents;
import dev.sluice.account.jfr.RecordedPrediction;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Answers one row at a time: runs the blocks that the row's gates open and says what that executed.
///
/// ```java
/// try (Predictor predictor = Predictor.of(model)) {
///   predictor.predict(features, scores);
///   long executed = predictor.macs().executedMacs();
/// }
/// ```
///
/// Belongs to the thread that created it, or the last that called [#attach]; other threads get an `IllegalStateException`. Allocates
/// nothing per call that Flight Recorder does not record. Constant gates are decided at creation: a predictor does not follow weights that change afterwards. After the model
/// is closed every call throws `IllegalStateException`.
public final class Predictor implements AutoCloseable {
  private final Model model;
  private final ModelSpec spec;
  private final int inputs;
  private final int outputs;
  private final int layers;
  private final FeatureCheck check;
  private final Kernels kernels;
  private final ZeroSkipping skipping;
  private final Plan plan;
  private final MemorySegment input;
  private final MacCounter macs;
  private final ThreadOwner owner = new ThreadOwner("predictor");
  private boolean hasAnswered;
  private boolean isCounted;
  private boolean isRehearsal;
  private @Nullable PredictionSampler sampler;
  private volatile boolean closed;

  /// With the machine's kernels and no check of features.
  public static Predictor of(Model model) {
    return of(model, FeatureCheck.NONE);
  }

  public static Predictor of(Model model, FeatureCheck check) {
    return of(model, check, KernelProvider.kernels());
  }

  /// With [ZeroSkipping#standard].
  public static Predictor of(Model model, FeatureCheck check, Kernels kernels) {
    return of(model, check, kernels, ZeroSkipping.standard());
  }

  public static Predictor of(
      Model model, FeatureCheck check, Kernels kernels, ZeroSkipping skipping) {
    return new Predictor(model, check, kernels, skipping);
  }

  /// The workspace is freed by the collector: it is small, and freeing shared memory at once would stall every thread of the JVM.
  private Predictor(Model model, FeatureCheck check, Kernels kernels, ZeroSkipping skipping) {
    Arena arena = Arena.ofAuto();
    Workspace workspace = new Workspace(arena, model.spec());
    this.model = model;
    this.spec = model.spec();
    this.inputs = spec.inputs();
    this.outputs = spec.outputs();
    this.check = check;
    this.kernels = kernels;
    this.skipping = skipping;
    this.plan = Plan.bind(model, kernels, skipping, workspace, arena);
    this.input = workspace.input();
    this.layers = spec.layers().size();
    this.macs = new MacCounter(layers);
  }

  /// Has the code that requests run compiled before the first one, see [WarmUp]; takes [WarmUp#DEFAULT_BUDGET] at most.
  public void warmUp() {
    warmUp(WarmUp.DEFAULT_BUDGET);
  }

  /// Leaves no trace but that zeros are skipped by what was learned of the machine: answers are the same, nothing was answered or
  /// counted. To be called between requests.
  ///
  /// @param budget the longest time it may take, 0 for none
  public void warmUp(Duration budget) {
    requireUsable();
    WarmUp.rows(model, kernels, skipping, budget);
    hasAnswered = false;
    isCounted = false;
    plan.tune();
  }

  /// Keeps to `budget` from the next request on; requests themselves allocate nothing for it. To be called between requests.
  ///
  /// @throws IllegalArgumentException if the budget needs a [Dial] that the model lacks, or is below the smallest cost there is, which is named; the
  ///     former budget stays then
  public void budget(Budget budget) {
    requireUsable();
    Limits limits = BudgetLimits.of(budget, model, plan.mostOpenGates(), this::pace);
    hasAnswered = false;
    isCounted = false;
    plan.set(limits);
  }

  /// A budget that means what `budget` means to this predictor now and depends on no clock: the setting in place of a time per row. For several predictors
  /// that are to do the same.
  ///
  /// @throws IllegalArgumentException as [#budget] does for a time per row
  public Budget settled(Budget budget) {
    requireUsable();
    return BudgetLimits.settled(budget, model, this::pace);
  }

  private double pace(Dial.Setting setting) {
    Predictor sibling = of(model, FeatureCheck.NONE, kernels, skipping);
    sibling.rehearse();
    sibling.budget(Budget.setting(setting));
    return SettingPace.nanosPerMac(sibling);
  }

  /// For [WarmUp]: whether rows go through all stages.
  void ignoreExits(boolean ignores) {
    plan.ignoreExits(ignores);
  }

  /// Answers of this predictor are nobody's and are not recorded from now on: for measurements, which would flood a recording.
  public void rehearse() {
    isRehearsal = true;
  }

  Plan plan() {
    return plan;
  }

  public ModelSpec spec() {
    return spec;
  }

  public int inputs() {
    return inputs;
  }

  public int outputs() {
    return outputs;
  }

  /// @param in (inputs)
  /// @param out (outputs), in the blueprint's output form
  public void predict(float[] in, float[] out) {
    begin(in.length, out.length);
    MemorySegment.copy(in, 0, input, FLOAT, 0, inputs);
    MemorySegment.copy(answer(true), FLOAT, 0, out, 0, outputs);
  }

  /// The same between segments of any kind and alignment that hold exactly (inputs) and (outputs) f32, little-endian.
  public void predict(MemorySegment in, MemorySegment out) {
    begin(floats("input", in), floats("output", out));
    MemorySegment.copy(in, 0, input, 0, in.byteSize());
    MemorySegment.copy(answer(true), 0, out, 0, out.byteSize());
  }

  /// The answer before softmax or sigmoid.
  ///
  /// @param in (inputs)
  /// @param out (outputs)
  public void logits(float[] in, float[] out) {
    begin(in.length, out.length);
    MemorySegment.copy(in, 0, input, FLOAT, 0, inputs);
    MemorySegment.copy(answer(false), FLOAT, 0, out, 0, outputs);
  }

  /// The stage that gave the last answer, 0 for a network of one stage; what later stages would have executed was not.
  public int stage() {
    owner.require();
    if (!hasAnswered) {
      throw new IllegalStateException("predictor has no answer yet");
    }
    return plan.stage();
  }

  /// What the last answer executed, zeros if there is none. The same object every time, refreshed by this call; to be read, or added to one of the caller's.
  public MacCount macs() {
    owner.require();
    boolean isCurrent = isCounted && hasAnswered && plan.isSameForAllRows();
    if (!isCurrent) {
      macs.reset();
      if (hasAnswered) {
        plan.count(macs);
      }
      isCounted = hasAnswered;
    }
    return macs;
  }

  /// Whether the sets and counts of a last answer are there: false before the first and after one that failed.
  public boolean hasAnswered() {
    return hasAnswered;
  }

  /// The blocks of layer `layer` that ran for the last answer, all of them for a dense layer, none if its stage did not run. A view to read, overwritten by the next
  /// answer.
  public ActiveSet openBlocks(int layer) {
    owner.require();
    return plan.openBlocks(requireLayer(layer));
  }

  /// The gates of layer `layer` that were open for the last answer: [#openBlocks], or at unit granularity the open units. A view to
  /// read, overwritten by the next answer.
  public ActiveSet openGates(int layer) {
    owner.require();
    return plan.openGates(requireLayer(layer));
  }

  /// Hands this predictor over to the calling thread. The caller sees to it that the last call of the former owner happened
  /// before, as a queue or an executor does.
  public void attach() {
    owner.attach();
  }

  /// Later calls throw `IllegalStateException`. Any thread may close; closing again does nothing.
  @Override
  public void close() {
    closed = true;
  }

  private void begin(long inLength, long outLength) {
    requireUsable();
    if (inLength != inputs) {
      throw lengthDiffers("input", inputs, inLength);
    }
    if (outLength != outputs) {
      throw lengthDiffers("output", outputs, outLength);
    }
    hasAnswered = false;
  }

  private void requireUsable() {
    owner.require();
    if (closed) {
      throw new IllegalStateException("predictor is closed: layers=" + spec.architecture());
    }
    ShapeCheck.requireOpen(model);
  }

  private MemorySegment answer(boolean isInOutputForm) {
    return FlightEvents.recordsPredictions() ? sampled(isInOutputForm) : run(isInOutputForm);
  }

  private MemorySegment sampled(boolean isInOutputForm) {
    if (isRehearsal) {
      return run(isInOutputForm);
    }
    if (sampler == null) {
      sampler = new PredictionSampler(spec);
    }
    RecordedPrediction recorded = sampler.begin();
    MemorySegment answer = run(isInOutputForm);
    if (recorded != null) {
      sampler.end(recorded, plan);
    }
    return answer;
  }

  private MemorySegment run(boolean isInOutputForm) {
    check.require(input, inputs);
    plan.run();
    hasAnswered = true;
    return isInOutputForm ? plan.answer() : plan.values();
  }

  private static IllegalArgumentException lengthDiffers(String what, int expected, long actual) {
    return new IllegalArgumentException(
        what + " length differs from model: expected=" + expected + ", actual=" + actual);
  }

  private static long floats(String what, MemorySegment segment) {
    if (segment.byteSize() % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          what + " is not a whole number of floats: bytes=" + segment.byteSize());
    }
    return segment.byteSize() / Float.BYTES;
  }

  private int requireLayer(int layer) {
    if (layer < 0 || layer >= layers) {
      throw new IllegalArgumentException(
          "layer index out of range: layer=" + layer + ", layers=" + layers);
    }
    return layer;
  }
}
