package dev.sluice.data;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Pictures whose planes have mean 0 and variance 1 over the training part: `(x − mean_p) / deviation_p`. What augmentation shifts in
/// at the borders is then grey, not black.
final class StandardisedImages extends ForwardingDataset {
  static final String OPTION = "standardise";

  private final ImageShape shape;
  private final float[] means;
  private final float[] deviations;

  private StandardisedImages(Dataset source, ImageShape shape, float[] means, float[] deviations) {
    super(source);
    this.shape = shape;
    this.means = means;
    this.deviations = deviations;
  }

  /// `source` itself, or standardised if the option `standardise=plane` asks for it.
  static LoadedSource of(DataSpec spec, LoadedSource source) {
    String asked = spec.text(OPTION, "none");
    if (!spec.choice(OPTION, asked, Map.of("none", false, "plane", true))) {
      return source;
    }
    return LoadedSource.ofSplit(() -> standardised(source.split().get()));
  }

  private static DataSplit standardised(DataSplit split) {
    ImageShape shape =
        split
            .train()
            .imageShape()
            .orElseThrow(
                () ->
                    new DatasetException(
                        "rows cannot be standardised by plane, as they are no pictures: data="
                            + split.train().name()));
    float[] means = new float[shape.channels()];
    float[] deviations = new float[shape.channels()];
    measure(split.train(), shape, means, deviations);
    return new DataSplit(
        new StandardisedImages(split.train(), shape, means, deviations),
        new StandardisedImages(split.test(), shape, means, deviations));
  }

  private static void measure(Dataset train, ImageShape shape, float[] means, float[] deviations) {
    int plane = shape.height() * shape.width();
    double[] sums = new double[means.length];
    double[] squares = new double[means.length];
    float[] row = new float[train.features()];
    for (int index = 0; index < train.rows(); index++) {
      train.copyFeatures(index, MemorySegment.ofArray(row), 0);
      for (int feature = 0; feature < row.length; feature++) {
        sums[feature / plane] += row[feature];
        squares[feature / plane] += (double) row[feature] * row[feature];
      }
    }
    double count = (double) train.rows() * plane;
    for (int channel = 0; channel < means.length; channel++) {
      double mean = sums[channel] / count;
      means[channel] = (float) mean;
      double deviation = Math.sqrt(Math.max(0, squares[channel] / count - mean * mean));
      deviations[channel] = deviation > 0 ? (float) deviation : 1f;
    }
  }

  @Override
  public void copyFeatures(int row, MemorySegment destination, long offsetBytes) {
    source.copyFeatures(row, destination, offsetBytes);
    int plane = shape.height() * shape.width();
    long at = offsetBytes;
    for (int channel = 0; channel < means.length; channel++) {
      float mean = means[channel];
      float deviation = deviations[channel];
      for (int pixel = 0; pixel < plane; pixel++) {
        float value = destination.get(RowChecks.FEATURE, at);
        destination.set(RowChecks.FEATURE, at, (value - mean) / deviation);
        at += Float.BYTES;
      }
    }
  }

  @Override
  public Optional<Preparation> preparation() {
    Map<String, String> settings = new LinkedHashMap<>();
    for (int channel = 0; channel < means.length; channel++) {
      settings.put("mean" + channel, Float.toString(means[channel]));
      settings.put("deviation" + channel, Float.toString(deviations[channel]));
    }
    return Optional.of(new Preparation("standardised-planes", settings, List.of(), List.of()));
  }

  @Override
  public String contentHash() {
    ContentHash hash = new ContentHash("standardised " + source.contentHash());
    return hash.add(means).add(deviations).hex();
  }
}
