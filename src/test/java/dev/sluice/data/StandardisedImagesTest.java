package dev.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StandardisedImagesTest {
  private static final DataSpec ASKED = spec("plane");

  private static DataSpec spec(String value) {
    return new DataSpec("pictures", "pictures", "", Map.of(StandardisedImages.OPTION, value));
  }

  /// Plane 0 has 0, 255, 255, 0 in training rows: mean ½, deviation ½. Plane 1 is 51 throughout: its deviation is taken as 1.
  private static LoadedSource pictures() {
    ImageShape shape = new ImageShape(2, 1, 2);
    byte[] train = {0, (byte) 255, 51, 51, (byte) 255, 0, 51, 51};
    byte[] test = {(byte) 255, (byte) 255, 0, 51};
    return LoadedSource.standardParts(
        () -> new ByteDataset("train", train, shape, new byte[] {0, 1}, 2),
        () -> new ByteDataset("test", test, shape, new byte[] {1}, 2));
  }

  @Test
  void planesAreMeasuredOnTrainingRowsAndAppliedToBoth() {
    DataSplit split = StandardisedImages.of(ASKED, pictures()).split().get();
    assertThat(row(split.train(), 0)).containsExactly(new float[] {-1, 1, 0, 0}, within(1e-6f));
    assertThat(row(split.test(), 0)).containsExactly(new float[] {1, 1, -0.2f, 0}, within(1e-6f));
    assertThat(split.test().label(0)).isEqualTo(1);
  }

  @Test
  void whatWasDoneIsSaidAndPartOfTheHash() {
    DataSplit split = StandardisedImages.of(ASKED, pictures()).split().get();
    Preparation preparation = split.train().preparation().orElseThrow();
    assertThat(preparation.settings())
        .containsEntry("mean0", "0.5")
        .containsEntry("deviation0", "0.5")
        .containsEntry("deviation1", "1.0");
    assertThat(Preparation.fromJson(preparation.toJson())).isEqualTo(preparation);
    assertThat(split.train().contentHash())
        .isNotEqualTo(pictures().split().get().train().contentHash());
  }

  @Test
  void nothingIsDoneUnasked() {
    LoadedSource source = pictures();
    assertThat(StandardisedImages.of(spec("none"), source)).isSameAs(source);
  }

  @Test
  void rowsThatAreNoPicturesAreRefused() {
    LoadedSource table =
        LoadedSource.standardParts(
            () -> new ByteDataset("table", new byte[4], 2, new byte[2], 1),
            () -> new ByteDataset("table", new byte[4], 2, new byte[2], 1));
    LoadedSource asked = StandardisedImages.of(ASKED, table);
    assertThatThrownBy(() -> asked.split().get())
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("no pictures");
  }

  private static float[] row(Dataset dataset, int row) {
    float[] values = new float[dataset.features()];
    dataset.copyFeatures(row, MemorySegment.ofArray(values), 0);
    return values;
  }
}
