package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TinyImageNetReaderTest {
  @TempDir Path base;
  private Path folder = Path.of("");

  private static void jpeg(Path path, int width, int height, int type, int rgb) throws IOException {
    Files.createDirectories(path.getParent());
    BufferedImage picture = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        // The left half is black: what is x, and what is y, shows.
        int colour = x < width / 2 ? 0 : rgb;
        if (type == BufferedImage.TYPE_BYTE_GRAY) {
          picture.getRaster().setSample(x, y, 0, colour & 0xff);
        } else {
          picture.setRGB(x, y, colour);
        }
      }
    }
    assertEquals(true, ImageIO.write(picture, "jpeg", path.toFile()));
  }

  @BeforeEach
  void write() throws IOException {
    folder = base.resolve("tiny-imagenet/tiny-imagenet-200");
    int rgb = BufferedImage.TYPE_INT_RGB;
    jpeg(folder.resolve("train/n00000002/images/b_1.JPEG"), 64, 64, rgb, 0x0000ff);
    jpeg(folder.resolve("train/n00000002/images/a_0.JPEG"), 64, 64, rgb, 0xff0000);
    int grey = BufferedImage.TYPE_BYTE_GRAY;
    jpeg(folder.resolve("train/n00000001/images/c_0.JPEG"), 64, 64, grey, 100);
    jpeg(folder.resolve("val/images/val_0.JPEG"), 64, 64, rgb, 0x00ff00);
    jpeg(folder.resolve("val/images/val_1.JPEG"), 64, 64, grey, 255);
    Files.writeString(folder.resolve("wnids.txt"), "n00000002\nn00000001\n");
    annotations("val_1.JPEG\tn00000001\t0\t0\t1\t1\nval_0.JPEG\tn00000002\t0\t0\t63\t63\n");
  }

  private void annotations(String text) throws IOException {
    Files.writeString(folder.resolve("val/val_annotations.txt"), text);
  }

  private DataSplit load() {
    return DataSource.at(base).load("tiny-imagenet");
  }

  /// JPEG is lossy: flat areas away from the edge come back within 3.
  private static void assertHalf(Dataset dataset, int row, int red, int green, int blue) {
    byte[] bytes = ((ByteDataset) dataset).rowBytes(row);
    int[] colours = {red, green, blue};
    for (int plane = 0; plane < 3; plane++) {
      for (int y = 0; y < 64; y += 21) {
        assertEquals(0, bytes[plane * 4096 + y * 64 + 10] & 0xff, 3, "plane " + plane);
        assertEquals(colours[plane], bytes[plane * 4096 + y * 64 + 50] & 0xff, 3, "plane " + plane);
      }
    }
  }

  @Test
  void classesAndRowsHaveTheOrderOfTheFiles() {
    DataSplit split = load();
    assertArrayEquals(new int[] {0, 0, 1}, Rows.labels(split.train()));
    assertArrayEquals(new int[] {1, 0}, Rows.labels(split.test()));
    assertEquals(12_288, split.train().features());
    assertHalf(split.train(), 0, 255, 0, 0);
    assertHalf(split.train(), 1, 0, 0, 255);
    assertHalf(split.test(), 1, 0, 255, 0);
  }

  @Test
  void aGreyPictureHasThreeEqualPlanesOfItsOwnValues() {
    DataSplit split = load();
    assertHalf(split.train(), 2, 100, 100, 100);
    assertHalf(split.test(), 0, 255, 255, 255);
    byte[] bytes = ((ByteDataset) split.train()).rowBytes(2);
    assertArrayEquals(Arrays.copyOf(bytes, 4096), Arrays.copyOfRange(bytes, 8192, 12_288));
  }

  @Test
  void picturesOfAnotherSizeOrKindAreNamed() throws IOException {
    Path picture = folder.resolve("val/images/val_0.JPEG");
    jpeg(picture, 64, 65, BufferedImage.TYPE_INT_RGB, 0xff);
    Complaint.of(this::load, "picture has another size: path=" + picture, "height=65, expected=64");
    byte[] whole = Files.readAllBytes(folder.resolve("val/images/val_1.JPEG"));
    for (int length : new int[] {0, 1, 20, 100, 200}) {
      Files.write(picture, Arrays.copyOf(whole, length));
      Complaint.of(this::load, "", "path=" + picture);
    }
    Files.writeString(picture, "not a picture");
    Complaint.of(this::load, "cannot read data file: path=" + picture);
  }

  @Test
  void annotationsAreChecked() throws IOException {
    annotations("val_0.JPEG\tn00000002\n");
    Complaint.of(this::load, "annotation is malformed", "line=1");
    annotations("../train/x.JPEG\tn00000002\t0\t0\t1\t1\n");
    Complaint.of(this::load, "annotation is malformed", "line=1");
    annotations("val_0.JPEG\tn00000003\t0\t0\t1\t1\n");
    Complaint.of(this::load, "annotation names an unknown class", "actual=n00000003");
    annotations("val_7.JPEG\tn00000002\t0\t0\t1\t1\n");
    Complaint.of(this::load, "annotated picture is missing", "line=1", "val_7.JPEG");
  }

  @Test
  void classesAreChecked() throws IOException {
    Files.writeString(folder.resolve("wnids.txt"), "n00000002\nn00000002\n");
    Complaint.of(this::load, "class is malformed or comes twice", "line=2");
    Files.writeString(folder.resolve("wnids.txt"), "../../etc\n");
    Complaint.of(this::load, "class is malformed or comes twice", "line=1");
    Files.writeString(folder.resolve("wnids.txt"), "n00000009\n");
    Complaint.of(this::load, "data file missing", "n00000009");
    Files.writeString(folder.resolve("wnids.txt"), "");
    Complaint.of(this::load, "number of classes out of range", "actual=0");
  }
}
