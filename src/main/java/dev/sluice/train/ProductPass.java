package dev.sluice.train;

import dev.sluice.account.StepMacs;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.RowGroups;
import dev.sluice.kernel.WeightGradKernels;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.model.Projection;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/// One product of a batch, `z = W x + b`, and its way back; of a layer or inside a gate, which makes no difference.
final class ProductPass {
  /// Rows of one block per task: whole register tiles of 8 and of 6 rows; enough that reading the panel costs a tenth of using it, few enough for
  /// several threads.
  static final int ROW_TILE = 48;

  /// Inputs per task on the way back, and the block size of transposed panels.
  static final int INPUT_BLOCK = 32;

  private final Batch batch;
  private final Projection projection;
  private final Matrix x;
  private final Matrix z;
  private final MatMulKernels matMul;
  private final Work forward =
      new Work() {
        @Override
        public int tasks() {
          return projection.weights().layout().blocks() * rowTiles();
        }

        @Override
        public void run(int task) {
          multiply(task / rowTiles(), task % rowTiles());
        }
      };
  private @Nullable RowGroups groups;
  private final @Nullable Back back;

  /// @param gradient where the gradients of `projection` go, null if there is no way back
  /// @param dz gradient of `z`, null likewise
  /// @param dx gradient of `x`, null if nobody asks for it
  ProductPass(
      Arena arena,
      Kernels kernels,
      Batch batch,
      Projection projection,
      Matrix x,
      Matrix z,
      @Nullable Projection gradient,
      @Nullable Matrix dz,
      @Nullable Matrix dx) {
    this.batch = batch;
    this.projection = projection;
    this.x = x;
    this.z = z;
    this.matMul = kernels.matMul(projection.spec().blockSize());
    this.back = gradient == null || dz == null ? null : new Back(arena, kernels, gradient, dz, dx);
  }

  Matrix z() {
    return z;
  }

  int inputs() {
    return projection.spec().inputs();
  }

  /// The rows that open each block, until the next call.
  void setGroups(RowGroups newGroups) {
    groups = newGroups;
  }

  void setDenseGroups() {
    groups = batch.dense(projection.weights().layout().blocks());
  }

  private RowGroups groups() {
    RowGroups current = groups;
    if (current == null) {
      throw new IllegalStateException("row groups of a product are not set");
    }
    return current;
  }

  private int rowTiles() {
    return (batch.rows() + ROW_TILE - 1) / ROW_TILE;
  }

  /// Tasks: block × tile of rows.
  Work forward() {
    return forward;
  }

  private void multiply(int block, int tile) {
    RowGroups current = groups();
    int from = current.from(block) + tile * ROW_TILE;
    int to = Math.min(from + ROW_TILE, current.to(block));
    if (from < to) {
      matMul.gatedMatMul(projection.weights(), projection.bias(), x, current, block, from, to, z);
    }
  }

  /// What kernels are given in a pass, null if the product has no such pass.
  @Nullable Panels panels(StepMacs.Pass pass) {
    return switch (pass) {
      case FORWARD -> projection.weights();
      case WEIGHT_GRADIENT -> back == null ? null : back.gradient.weights();
      case INPUT_GRADIENT -> back == null ? null : back.transposed;
    };
  }

  boolean hasBack() {
    return back != null;
  }

  Back back() {
    if (back == null) {
      throw new IllegalStateException("product was bound without gradients");
    }
    return back;
  }

  /// The way back.
  final class Back {
    private final Projection gradient;
    private final Matrix dz;
    private final @Nullable Matrix dx;
    private final @Nullable Panels transposed;
    private final WeightGradKernels weightGrad;
    private final MatMulKernels transposedMatMul;
    private final ElementwiseKernels elementwise;
    private final double[] squares;
    private @Nullable PlasticProduct plastic;

    private Back(
        Arena arena, Kernels kernels, Projection gradient, Matrix dz, @Nullable Matrix dx) {
      PanelLayout layout = projection.weights().layout();
      this.gradient = gradient;
      this.dz = dz;
      this.dx = layout.inputs() > 0 ? dx : null;
      this.transposed =
          this.dx == null
              ? null
              : Panels.allocate(
                  arena, new PanelLayout(layout.inputs(), layout.paddedUnits(), INPUT_BLOCK));
      this.weightGrad = kernels.weightGrad(layout.blockSize());
      this.transposedMatMul = kernels.matMul(INPUT_BLOCK);
      this.elementwise = kernels.elementwise();
      this.squares = new double[layout.blocks()];
    }

    /// Has the gradients of dead tiles cleared.
    void setPlastic(PlasticProduct product) {
      plastic = product;
    }

    /// Tasks: blocks.
    Work weightGrad() {
      return new Work() {
        @Override
        public int tasks() {
          return squares.length;
        }

        @Override
        public void run(int block) {
          weightGradOf(block);
        }
      };
    }

    private void weightGradOf(int block) {
      weightGrad.weightGrad(x, dz, groups(), block, gradient.weights(), gradient.bias());
      if (plastic != null) {
        plastic.takeGradient(block);
      }
      PanelLayout layout = gradient.weights().layout();
      double sum =
          elementwise.sumOfSquares(
              gradient.weights().block(block), 0, layout.panelBytes() / Float.BYTES);
      if (projection.spec().hasBias()) {
        long offsetBytes = (long) block * layout.blockSize() * Float.BYTES;
        sum += elementwise.sumOfSquares(gradient.bias(), offsetBytes, layout.blockSize());
      }
      squares[block] = sum;
    }

    /// Squared Euclidean norm of the gradients that the last [#weightGrad] left.
    double squaredNorm() {
      double sum = 0;
      for (double square : squares) {
        sum += square;
      }
      return sum;
    }

    /// Blocks of inputs, 0 if nobody asks for the gradient of the inputs.
    int inputBlocks() {
      return transposed == null ? 0 : transposed.layout().blocks();
    }

    /// Tasks: blocks of inputs. To be done after every change of the weights.
    Work transpose() {
      return new Work() {
        @Override
        public int tasks() {
          return inputBlocks();
        }

        @Override
        public void run(int inputBlock) {
          if (transposed != null) {
            projection.weights().transposeInto(inputBlock, transposed);
          }
        }
      };
    }

    /// Adds to the gradient of one block of inputs on some rows.
    void addInputGrad(int inputBlock, int fromRow, int toRow) {
      if (transposed != null && dx != null) {
        int unitBlockSize = projection.spec().blockSize();
        transposedMatMul.inputGrad(
            transposed, dz, groups(), unitBlockSize, inputBlock, fromRow, toRow, dx);
      }
    }
  }

  /// Gradient of inputs that several products read, one after the other. Tasks: block of inputs × tile of rows.
  static Work inputGrad(Batch batch, java.util.List<Back> products) {
    return new Work() {
      @Override
      public int tasks() {
        return products.getFirst().inputBlocks() * tiles();
      }

      private int tiles() {
        return (batch.rows() + ROW_TILE - 1) / ROW_TILE;
      }

      @Override
      public void run(int task) {
        int fromRow = task % tiles() * ROW_TILE;
        int toRow = Math.min(fromRow + ROW_TILE, batch.rows());
        for (Back product : products) {
          product.addInputGrad(task / tiles(), fromRow, toRow);
        }
      }
    };
  }
}
