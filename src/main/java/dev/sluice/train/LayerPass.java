package dev.sluice.train;

import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One layer of a batch, or one product inside a gate: `h = φ(W x + b)`, `y = h ⊙ dropout ⊙ expand(g)`, and back from `dy` to `dz`,
/// in place; with a light path `h = φ(pre)`, see [LightPath], and `y = h ⊙ dropout`. The gate's own way is [GatePass].
final class LayerPass {
  private final Batch batch;
  private final ElementwiseKernels elementwise;
  private final Activation activation;
  private final ProductPass product;
  private final @Nullable GatePass gate;
  private final @Nullable LightPath light;
  private final Matrix h;
  private final Matrix y;
  private final @Nullable Dropout dropout;
  private final @Nullable Matrix factors;
  private final @Nullable Matrix dy;
  private final @Nullable Matrix dx;
  private final Work finish;
  private final Work startBack;

  /// @param h may be what φ is applied to where φ′ can be told from φ
  /// @param y may be h where nothing is done between
  /// @param factors of dropout
  /// @param dy gradient of y, becomes that of z; equally wide as h and y; null if there is no way back
  /// @param dx gradient of x, to be cleared on the way back; null if another does that, or nobody needs it
  LayerPass(
      Batch batch,
      ElementwiseKernels elementwise,
      Activation activation,
      ProductPass product,
      @Nullable GatePass gate,
      @Nullable LightPath light,
      Matrix h,
      Matrix y,
      @Nullable Dropout dropout,
      @Nullable Matrix factors,
      @Nullable Matrix dy,
      @Nullable Matrix dx) {
    this.batch = batch;
    this.elementwise = elementwise;
    this.activation = activation;
    this.product = product;
    this.gate = gate;
    this.light = light;
    this.h = h;
    this.y = y;
    this.dropout = dropout;
    this.factors = factors;
    this.dy = dy;
    this.dx = dx;
    this.finish = batch.rowWork((task, from, to) -> finishRows(from, to));
    this.startBack = batch.rowWork((task, from, to) -> startBackRows(from, to));
  }

  /// Whether the derivative of `activation` can be told from its value, so that it may be applied in place.
  static boolean worksInPlace(Activation activation) {
    return activation == Activation.RELU || activation == Activation.IDENTITY;
  }

  /// Whether there is anything between product and y.
  boolean needsFinish() {
    return activation != Activation.IDENTITY || y != h || gate != null;
  }

  /// Whether there is anything between dy and dz.
  boolean needsStartBack() {
    return activation != Activation.IDENTITY || factors != null || gate != null || dx != null;
  }

  ProductPass product() {
    return product;
  }

  @Nullable GatePass gate() {
    return gate;
  }

  /// The products of the layer's light path, none if it has no such path.
  List<LayerPass> lightChain() {
    return light == null ? List.of() : light.chain();
  }

  /// What φ is applied to.
  private Matrix pre() {
    return light == null ? product.z() : light.pre();
  }

  Matrix y() {
    return y;
  }

  /// Gradient of y on the way back to this layer, of z from there on.
  Matrix dy() {
    if (dy == null) {
      throw new IllegalStateException("layer was bound without gradients");
    }
    return dy;
  }

  /// From the product to y.
  Work finish() {
    return finish;
  }

  private void finishRows(int fromRow, int toRow) {
    long offsetBytes = h.rowOffsetBytes(fromRow);
    int count = Buffers.floats(h, fromRow, toRow);
    if (light != null && gate != null) {
      light.mixRows(product.z(), gate.computesClosed(), fromRow, toRow);
    }
    if (activation != Activation.IDENTITY) {
      elementwise.activate(activation, pre().data(), offsetBytes, count, h.data());
    }
    if (dropout != null && factors != null && batch.training()) {
      dropout.fill(batch.step(), fromRow, toRow, factors);
      elementwise.multiply(h.data(), factors.data(), offsetBytes, count, y.data());
    } else if (y != h) {
      Buffers.copyRows(h, y, fromRow, toRow);
    }
    if (gate != null && light == null) {
      gate.admitRows(y, fromRow, toRow);
    }
  }

  /// From dy to dz, and what the gate needs of dy.
  Work startBack() {
    return startBack;
  }

  private void startBackRows(int fromRow, int toRow) {
    Matrix slope = dy();
    long offsetBytes = slope.rowOffsetBytes(fromRow);
    int count = Buffers.floats(slope, fromRow, toRow);
    if (factors != null) {
      elementwise.multiply(slope.data(), factors.data(), offsetBytes, count, slope.data());
    }
    if (gate != null && light == null) {
      gate.logitGradRows(slope, h, fromRow, toRow);
      gate.admitRows(slope, fromRow, toRow);
    }
    if (activation != Activation.IDENTITY) {
      elementwise.activationGrad(
          activation, slope.data(), pre().data(), h.data(), offsetBytes, count, slope.data());
    }
    if (gate != null && light != null) {
      gate.logitGradRows(slope, product.z(), fromRow, toRow);
      light.splitRows(slope, fromRow, toRow);
    }
    if (dx != null) {
      elementwise.fill(
          0f, dx.data(), dx.rowOffsetBytes(fromRow), Buffers.floats(dx, fromRow, toRow));
    }
  }
}
