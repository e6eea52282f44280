package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.data.ImageShape;

/// Changed copies of the training rows, so that an epoch rarely shows what the last one did. Validation and test rows stay as they are.
///
/// Each row has `variants` of them, drawn from the training's seed and the row's number among the rows trained on, without those
/// held out for validation. An epoch shows one: the variants of a row in turn, beginning with a drawn one. As there are finitely many, a
/// teacher answers each once.
///
/// Pictures ([Dataset#imageShape]) are mirrored, then moved by `dy` and `dx`, each uniform in `−shift … shift`, with zeros moving
/// in: the random crop of a padded picture (He et al. 2016, arXiv 1512.03385, section 4.2, has shift 4). Noise is added last.
///
/// @param shift pixels, at least 0, less than height and width; 0 for none
/// @param flip whether every other variant, by chance, is mirrored left to right
/// @param noise standard deviation of the normal noise added to each feature, at least 0; 0 for none
/// @param variants of each row; 1 if nothing is varied
public record Augmentation(int shift, boolean flip, double noise, int variants) {
  public static final int DEFAULT_VARIANTS = 8;

  private static final int MOST_VARIANTS = 1 << 16;

  public Augmentation {
    OptionChecks.atLeast("augmentation shift", shift, 0);
    OptionChecks.within("augmentation noise", noise, 0, 1e6);
    boolean varies = shift > 0 || flip || noise > 0;
    OptionChecks.within("augmentation variants", variants, 1, varies ? MOST_VARIANTS : 1);
  }

  public static Augmentation none() {
    return new Augmentation(0, false, 0, 1);
  }

  /// Shifts of pictures alone, with the default number of variants.
  public static Augmentation shifts(int pixels) {
    return new Augmentation(pixels, false, 0, DEFAULT_VARIANTS);
  }

  public boolean isNone() {
    return !movesPixels() && noise == 0;
  }

  boolean movesPixels() {
    return shift > 0 || flip;
  }

  /// Refuses a dataset whose rows cannot be changed so.
  ///
  /// @throws IllegalArgumentException `augmentation by shift or flip needs pictures: data=adult/train, features=108`
  public void requireFit(Dataset dataset) {
    if (!movesPixels()) {
      return;
    }
    ImageShape shape = dataset.imageShape().orElse(null);
    if (shape == null) {
      throw new IllegalArgumentException(
          "augmentation by shift or flip needs pictures: data="
              + dataset.name()
              + ", features="
              + dataset.features());
    }
    if (shape.features() != dataset.features()) {
      throw new IllegalArgumentException(
          "image shape differs from features: data="
              + dataset.name()
              + ", shape="
              + shape
              + ", features="
              + dataset.features());
    }
    if (shift >= Math.min(shape.height(), shape.width())) {
      throw new IllegalArgumentException(
          "augmentation shifts whole pictures away: shift=" + shift + ", shape=" + shape);
    }
  }
}
