package dev.sluice.data;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Another dataset's rows, but for what a subclass changes; it must change [#contentHash].
public abstract class ForwardingDataset implements Dataset {
  protected final Dataset source;

  protected ForwardingDataset(Dataset source) {
    this.source = source;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public int rows() {
    return source.rows();
  }

  @Override
  public int features() {
    return source.features();
  }

  @Override
  public int classes() {
    return source.classes();
  }

  @Override
  public int targets() {
    return source.targets();
  }

  @Override
  public boolean labelled() {
    return source.labelled();
  }

  @Override
  public Optional<CsvSchema> schema() {
    return source.schema();
  }

  @Override
  public Optional<ImageShape> imageShape() {
    return source.imageShape();
  }

  @Override
  public Optional<Preparation> preparation() {
    return source.preparation();
  }

  @Override
  public void copyFeatures(int row, MemorySegment destination, long offsetBytes) {
    source.copyFeatures(row, destination, offsetBytes);
  }

  @Override
  public int label(int row) {
    return source.label(row);
  }

  @Override
  public void copyTargets(int row, float[] destination) {
    source.copyTargets(row, destination);
  }
}
