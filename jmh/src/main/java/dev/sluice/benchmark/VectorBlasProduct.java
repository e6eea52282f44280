package dev.sluice.benchmark;

import dev.ludovic.netlib.blas.JavaBLAS;

/// netlib's BLAS in Java on the Vector API. BLAS counts columns first, so rows and columns change places.
final class VectorBlasProduct implements ProductPeer {
  private static final String EXPECTED = "VectorBLAS";

  private final JavaBLAS blas = JavaBLAS.getInstance();
  private final ProductOperands operands;
  private final int inputs;
  private final int units;
  private final float[] y;

  VectorBlasProduct(ProductOperands operands) {
    String actual = blas.getClass().getSimpleName();
    if (!actual.equals(EXPECTED)) {
      throw new IllegalStateException(
          "netlib chose another implementation: expected=" + EXPECTED + ", actual=" + actual);
    }
    this.operands = operands;
    inputs = operands.inputs();
    units = operands.units();
    y = new float[operands.batch() * units];
  }

  @Override
  public void multiply() {
    float[] weights = operands.weights();
    float[] x = operands.x();
    int batch = operands.batch();
    if (batch == 1) {
      blas.sgemv("T", inputs, units, 1, weights, inputs, x, 1, 0, y, 1);
    } else {
      blas.sgemm("T", "N", units, batch, inputs, 1, weights, inputs, x, inputs, 0, y, units);
    }
  }

  @Override
  public float result(int row, int unit) {
    return y[row * units + unit];
  }

  @Override
  public String name() {
    return blas.getClass().getName();
  }

  @Override
  public void close() {}
}
