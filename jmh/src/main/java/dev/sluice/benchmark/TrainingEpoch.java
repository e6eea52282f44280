package dev.sluice.benchmark;

import dev.sluice.data.ByteDataset;
import dev.sluice.data.Dataset;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.OutputForm;
import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingOptions;
import dev.sluice.train.TrainingResult;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// One epoch over random images of MNIST's size, without validation.
@State(Scope.Benchmark)
public class TrainingEpoch {
  private static final int AGREEMENT_ROWS = 300;
  private static final long SEED = 1;

  /// Widths, inputs first.
  @Param("784-512-512-10")
  public String net = "";

  /// Rows of a step.
  @Param("128")
  public int batch;

  /// Rows of the epoch; MNIST has 60,000.
  @Param("60000")
  public int rows;

  /// Threads of the trainer, the calling one among them.
  @Param("2")
  public int threads;

  private ModelSpec spec;
  private Dataset images;
  private ExecutorService executor;

  @Setup(Level.Trial)
  public void prepare() {
    List<Integer> widths = ModelSpec.parseArchitecture(net);
    spec = ModelSpec.dense(widths, 32, Activation.RELU, OutputForm.SOFTMAX);
    images = randomImages(rows);
    executor = Executors.newFixedThreadPool(threads);
    requireAgreement();
    System.out.println("# kernels=" + KernelProvider.kernels().name());
  }

  private Dataset randomImages(int count) {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] pixels = new byte[Math.multiplyExact(count, spec.inputs())];
    random.nextBytes(pixels);
    byte[] labels = new byte[count];
    for (int row = 0; row < count; row++) {
      labels[row] = (byte) random.nextInt(spec.outputs());
    }
    return new ByteDataset("random images", pixels, spec.inputs(), labels, spec.outputs());
  }

  /// The scalar kernels on one thread train the same bits as those that are timed.
  private void requireAgreement() {
    Dataset few = randomImages(AGREEMENT_ROWS);
    Kernels scalar = KernelProvider.all().getFirst();
    try (Model expected = trainer(few).kernels(scalar).build().train().model();
        Model actual = trainer(few).executor(executor, threads).build().train().model()) {
      List<NamedTensor> tensors = expected.weights().tensors();
      for (int index = 0; index < tensors.size(); index++) {
        NamedTensor tensor = tensors.get(index);
        NamedTensor other = actual.weights().tensors().get(index);
        int count = Math.toIntExact(tensor.count());
        Agreement.requireSameBits(tensor.name(), tensor.segment(), other.segment(), 0, count);
      }
    }
  }

  private Trainer.Builder trainer(Dataset training) {
    TrainingOptions options =
        TrainingOptions.builder().epochs(1).batchSize(batch).seed(SEED).validationShare(0).build();
    return Trainer.builder(spec, options, training);
  }

  /// Returns the epoch's mean loss.
  double run() {
    TrainingResult result = trainer(images).executor(executor, threads).build().train();
    result.model().close();
    return result.history().getFirst().trainingLoss();
  }

  /// Forward and gradient of the weights for every layer, gradient of the inputs for every layer but the first; the optimiser's
  /// and all elementwise work is not counted.
  long macs() {
    long firstLayer = (long) spec.layers().getFirst().units() * spec.inputs();
    return rows * (3 * spec.denseMacs() - firstLayer);
  }

  @TearDown(Level.Trial)
  public void stopExecutor() {
    executor.shutdownNow();
  }
}
