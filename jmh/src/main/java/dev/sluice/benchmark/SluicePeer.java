package dev.sluice.benchmark;

import dev.sluice.model.Model;
import dev.sluice.runtime.BatchPredictor;
import dev.sluice.runtime.Predictor;

/// Sluice, as an application calls it: from a float array into one that is kept.
final class SluicePeer {
  private SluicePeer() {}

  static Peer of(Model model, int batch) {
    return batch == 1 ? new Row(model) : new Batch(model, batch);
  }

  private static final class Row implements Peer {
    private final Predictor predictor;
    private final float[] answers;

    Row(Model model) {
      this.predictor = Predictor.of(model);
      this.answers = new float[model.spec().outputs()];
    }

    @Override
    public float[] answer(float[] features) {
      predictor.predict(features, answers);
      return answers;
    }

    @Override
    public void close() {
      predictor.close();
    }
  }

  private static final class Batch implements Peer {
    private final BatchPredictor predictor;
    private final int batch;
    private final float[] answers;

    Batch(Model model, int batch) {
      this.predictor = BatchPredictor.of(model, batch);
      this.batch = batch;
      this.answers = new float[batch * model.spec().outputs()];
    }

    @Override
    public float[] answer(float[] features) {
      predictor.predict(features, batch, answers);
      return answers;
    }

    @Override
    public void close() {
      predictor.close();
    }
  }
}
