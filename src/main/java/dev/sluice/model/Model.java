package dev.sluice.model;

import dev.sluice.memory.WeightPrecision;
import java.lang.foreign.Arena;
import java.util.Map;

/// A network that can be executed: blueprint, parameters, provenance. Immutable for its readers and thread-safe; predictors are made
/// from it, one per thread. Closing frees the memory; a predictor used afterwards throws `IllegalStateException`.
public final class Model implements AutoCloseable {
  private final ModelSpec spec;
  private final Weights weights;
  private final Map<String, String> metadata;
  private final Arena arena;

  /// Takes ownership of `arena`, which must own the memory of `weights`.
  ///
  /// @param metadata provenance: data hash, seed, trainer settings, versions; keys and values as stored in the file
  public Model(ModelSpec spec, Weights weights, Map<String, String> metadata, Arena arena) {
    this.spec = spec;
    this.weights = weights;
    this.metadata = Map.copyOf(metadata);
    this.arena = arena;
  }

  public ModelSpec spec() {
    return spec;
  }

  public Weights weights() {
    return weights;
  }

  public Map<String, String> metadata() {
    return metadata;
  }

  /// Of all weights, the gates' too; biases, activations and sums are f32.
  public WeightPrecision precision() {
    return weights.precision();
  }

  /// A model of the same blueprint and provenance in memory of its own, whose weights are rounded to `precision`. Both are the
  /// caller's to close.
  ///
  /// @throws IllegalArgumentException if a weight is not finite and `precision` is int8; the message names it
  public Model withPrecision(WeightPrecision precision) {
    Arena copy = Arena.ofShared();
    try {
      return new Model(spec, weights.convert(copy, precision), metadata, copy);
    } catch (Throwable e) {
      copy.close();
      throw e;
    }
  }

  public boolean isOpen() {
    return arena.scope().isAlive();
  }

  @Override
  public void close() {
    arena.close();
  }
}
