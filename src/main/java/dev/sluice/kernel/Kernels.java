package dev.sluice.kernel;

import dev.sluice.memory.WeightPrecision;

/// One implementation of all operations. Stateless, thread-safe; chosen once by [KernelProvider].
public interface Kernels {
  /// `scalar`, or `simd` with the width, for instance `simd-512`.
  String name();

  /// Width of the vectors used, 32 for scalar.
  int vectorBits();

  /// Products of one row for panels of `blockSize` units stored in `precision`. Bind once, not per call; so with the next two.
  MatVecKernels matVec(int blockSize, WeightPrecision precision);

  /// Products of a batch, and the gradient of their inputs.
  MatMulKernels matMul(int blockSize, WeightPrecision precision);

  /// For f32.
  default MatVecKernels matVec(int blockSize) {
    return matVec(blockSize, WeightPrecision.F32);
  }

  /// For f32.
  default MatMulKernels matMul(int blockSize) {
    return matMul(blockSize, WeightPrecision.F32);
  }

  /// The gradient of a product's parameters.
  WeightGradKernels weightGrad(int blockSize);

  ElementwiseKernels elementwise();

  SelectionKernels selection();

  OptimizerKernels optimizer();
}
