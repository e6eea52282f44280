package dev.sluice.train;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;

/// Everything that decides, with blueprint and data, what a training computes: the same options give the same bits on any machine
/// with any number of threads.
///
/// @param epochs passes over the training rows, at least 1
/// @param batchSize rows per step; the last step of an epoch takes what is left
/// @param seed of initial weights, order of rows, dropout, sampled gates and the validation split
/// @param dropout share of a hidden layer's outputs set to 0, in [0, 1)
/// @param inputDropout share of the features set to 0, in [0, 1)
/// @param clipNorm largest Euclidean norm of the gradient, 0 for none; gates apart if they have their own
/// @param labelSmoothing ε in [0, 1): a target `t` of K classes becomes `(1 − ε)·t + ε/K`, of a sigmoid `(1 − ε)·t + ε/2`
/// @param regressionLoss for the output form identity; softmax and sigmoid have their cross-entropies
/// @param distillation used if the trainer is given a teacher
/// @param patience epochs without a better validation result before training stops, 0 for never
/// @param validationShare of the training rows held out if no validation set is given, in [0, 1); 0 for none
/// @param augmentation of the training rows, before input dropout
/// @param stages for networks of several stages
/// @param plasticity which tiles of hidden layers have weights
public record TrainingOptions(
    int epochs,
    int batchSize,
    long seed,
    OptimizerOptions optimizer,
    LearningRate learningRate,
    double dropout,
    double inputDropout,
    double clipNorm,
    double labelSmoothing,
    RegressionLoss regressionLoss,
    Distillation distillation,
    int patience,
    double validationShare,
    Augmentation augmentation,
    StageOptions stages,
    GateOptions gates,
    StructuralPlasticity plasticity) {

  private static final int LARGEST_BATCH = 1 << 16;

  public TrainingOptions {
    OptionChecks.within("epochs", epochs, 1, 1_000_000);
    OptionChecks.within("batchSize", batchSize, 1, LARGEST_BATCH);
    OptionChecks.below("dropout", dropout, 0, 1);
    OptionChecks.below("inputDropout", inputDropout, 0, 1);
    OptionChecks.within("clipNorm", clipNorm, 0, 1e9);
    OptionChecks.below("labelSmoothing", labelSmoothing, 0, 1);
    OptionChecks.atLeast("patience", patience, 0);
    OptionChecks.below("validationShare", validationShare, 0, 1);
  }

  public static TrainingOptions defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  public Builder toBuilder() {
    return new Builder(this);
  }

  /// Every option by name, as provenance records it and as a checkpoint compares it.
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    collect("", this, settings);
    return settings;
  }

  private static void collect(String prefix, Record options, Map<String, String> settings) {
    for (RecordComponent component : options.getClass().getRecordComponents()) {
      Object value = valueOf(component, options);
      if (value instanceof GateOptions
          || value instanceof StageOptions
          || value instanceof StructuralPlasticity) {
        collect(component.getName() + ".", (Record) value, settings);
      } else {
        settings.put(prefix + component.getName(), value.toString());
      }
    }
  }

  private static Object valueOf(RecordComponent component, Record options) {
    try {
      return component.getAccessor().invoke(options);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("option cannot be read: name=" + component.getName(), e);
    }
  }

  /// Collects the options; each starts at its default.
  public static final class Builder {
    private int epochs = 20;
    private int batchSize = 128;
    private long seed = 1;
    private OptimizerOptions optimizer = OptimizerOptions.AdamW.withDecay(1e-2);
    private LearningRate learningRate = LearningRate.oneCycle(2e-3);
    private double dropout;
    private double inputDropout;
    private double clipNorm;
    private double labelSmoothing;
    private RegressionLoss regressionLoss = new RegressionLoss.Squared();
    private Distillation distillation = new Distillation(3, 0.7);
    private int patience;
    private double validationShare = 0.1;
    private Augmentation augmentation = Augmentation.none();
    private StageOptions stages = StageOptions.defaults();
    private GateOptions gates = GateOptions.defaults();
    private StructuralPlasticity plasticity = StructuralPlasticity.none();

    private Builder() {}

    private Builder(TrainingOptions options) {
      epochs = options.epochs;
      batchSize = options.batchSize;
      seed = options.seed;
      optimizer = options.optimizer;
      learningRate = options.learningRate;
      dropout = options.dropout;
      inputDropout = options.inputDropout;
      clipNorm = options.clipNorm;
      labelSmoothing = options.labelSmoothing;
      regressionLoss = options.regressionLoss;
      distillation = options.distillation;
      patience = options.patience;
      validationShare = options.validationShare;
      augmentation = options.augmentation;
      stages = options.stages;
      gates = options.gates;
      plasticity = options.plasticity;
    }

    public Builder epochs(int value) {
      epochs = value;
      return this;
    }

    public Builder batchSize(int value) {
      batchSize = value;
      return this;
    }

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    public Builder optimizer(OptimizerOptions value) {
      optimizer = value;
      return this;
    }

    public Builder learningRate(LearningRate value) {
      learningRate = value;
      return this;
    }

    public Builder dropout(double value) {
      dropout = value;
      return this;
    }

    public Builder inputDropout(double value) {
      inputDropout = value;
      return this;
    }

    public Builder clipNorm(double value) {
      clipNorm = value;
      return this;
    }

    public Builder labelSmoothing(double value) {
      labelSmoothing = value;
      return this;
    }

    public Builder regressionLoss(RegressionLoss value) {
      regressionLoss = value;
      return this;
    }

    public Builder distillation(Distillation value) {
      distillation = value;
      return this;
    }

    public Builder patience(int value) {
      patience = value;
      return this;
    }

    public Builder validationShare(double value) {
      validationShare = value;
      return this;
    }

    public Builder augmentation(Augmentation value) {
      augmentation = value;
      return this;
    }

    public Builder stages(StageOptions value) {
      stages = value;
      return this;
    }

    public Builder gates(GateOptions value) {
      gates = value;
      return this;
    }

    public Builder plasticity(StructuralPlasticity value) {
      plasticity = value;
      return this;
    }

    public TrainingOptions build() {
      return new TrainingOptions(
          epochs,
          batchSize,
          seed,
          optimizer,
          learningRate,
          dropout,
          inputDropout,
          clipNorm,
          labelSmoothing,
          regressionLoss,
          distillation,
          patience,
          validationShare,
          augmentation,
          stages,
          gates,
          plasticity);
    }
  }
}
