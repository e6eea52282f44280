package dev.sluice.data;

/// How the features of a row are a picture: planes one after the other, each row-major, `plane · height · width + y · width + x`.
///
/// @param channels planes
/// @param height rows of a plane
/// @param width columns of a plane
public record ImageShape(int channels, int height, int width) {
  public ImageShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "image shape is not positive: channels="
              + channels
              + ", height="
              + height
              + ", width="
              + width);
    }
  }

  public int features() {
    return Math.multiplyExact(channels, Math.multiplyExact(height, width));
  }

  /// `3x32x32`
  @Override
  public String toString() {
    return channels + "x" + height + "x" + width;
  }
}
