package dev.sluice.kernel;

import java.lang.foreign.MemorySegment;

/// Optimiser updates in place on parameters, element by element: identical bits in every implementation. A product or sum without
/// `fma` is rounded by itself, from left to right; `1−beta` is rounded to f32. `count` is below 2^29 (2 GiB).
public interface OptimizerKernels {
  /// AdamW, Loshchilov & Hutter 2019, with `g = gradientScale · gradient`:
  ///
  /// ```
  /// m = fma(beta1, m, (1−beta1)·g);   v = fma(beta2, v, (1−beta2)·g·g)
  /// w = fma(−stepSize, m / (sqrt(v)·inverseRootCorrection2 + epsilon), w · decay)
  /// ```
  ///
  /// @param stepSize learning rate / (1 − beta1^t)
  /// @param inverseRootCorrection2 1 / sqrt(1 − beta2^t); from beta2 as f32, 1 − 0.999f being 1.3e-5 smaller than 0.001
  /// @param decay 1 − learning rate · weight decay
  record AdamWStep(
      float gradientScale,
      float beta1,
      float beta2,
      float epsilon,
      float stepSize,
      float inverseRootCorrection2,
      float decay) {}

  void adamW(
      AdamWStep step,
      MemorySegment gradient,
      MemorySegment m,
      MemorySegment v,
      long offsetBytes,
      int count,
      MemorySegment w);

  /// Stochastic gradient descent with momentum and coupled weight decay: `g = fma(weightDecay, w, gradientScale·gradient)`,
  /// `velocity = fma(momentum, velocity, g)`, `w = fma(−learningRate, velocity, w)`; Nesterov's form takes
  /// `fma(momentum, velocity, g)` for the last velocity.
  record SgdStep(
      float gradientScale,
      float momentum,
      float learningRate,
      float weightDecay,
      boolean nesterov) {}

  void sgd(
      SgdStep step,
      MemorySegment gradient,
      MemorySegment velocity,
      long offsetBytes,
      int count,
      MemorySegment w);
}
