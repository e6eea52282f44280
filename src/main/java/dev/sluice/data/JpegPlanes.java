package dev.sluice.data;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// A square JPEG picture as three planes of bytes.
final class JpegPlanes {
  private static final int PLANES = 3;

  private JpegPlanes() {}

  /// Writes the planes red, green and blue, each `side · side` bytes row-major, from
  /// `planes[from]` on. A grey picture fills all three.
  ///
  /// @throws DatasetException if it is no JPEG, or of another size
  static void read(Path path, int side, byte[] planes, int from) {
    ImageReader reader = jpegReader();
    try (ImageInputStream in = new MemoryCacheImageInputStream(Files.newInputStream(path))) {
      reader.setInput(in);
      // Before decoding: a header must not make the decoder allocate.
      requireSide(path, "width", side, reader.getWidth(0));
      requireSide(path, "height", side, reader.getHeight(0));
      write(reader.read(0), side, planes, from);
    } catch (IOException e) {
      throw DataFile.unreadable(path, e);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new DatasetException("jpeg is malformed: path=" + path + ", reason=" + e, e);
    } finally {
      reader.dispose();
    }
  }

  private static ImageReader jpegReader() {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
    if (!readers.hasNext()) {
      throw new DatasetException("this Java has no reader of JPEG pictures");
    }
    return readers.next();
  }

  private static void requireSide(Path path, String what, int expected, int actual) {
    if (expected != actual) {
      throw new DatasetException(
          "picture has another size: path="
              + path
              + ", "
              + what
              + "="
              + actual
              + ", expected="
              + expected);
    }
  }

  /// Grey samples are taken as they are: `getRGB` would change them, as Java thinks them linear.
  private static void write(BufferedImage picture, int side, byte[] planes, int from) {
    Raster raster = picture.getRaster();
    boolean grey = raster.getNumBands() == 1;
    int plane = side * side;
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        int rgb = grey ? 0x010101 * raster.getSample(x, y, 0) : picture.getRGB(x, y);
        int at = from + y * side + x;
        for (int colour = 0; colour < PLANES; colour++) {
          planes[at + colour * plane] = (byte) (rgb >> 8 * (PLANES - 1 - colour));
        }
      }
    }
  }
}
