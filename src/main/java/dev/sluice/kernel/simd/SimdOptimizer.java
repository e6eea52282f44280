package dev.sluice.kernel.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.DIV;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.MUL;
import static jdk.incubator.vector.VectorOperators.SQRT;

import dev.sluice.kernel.OptimizerKernels;
import dev.sluice.kernel.ScalarMath;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Limited by memory: seven f32 pass per parameter and AdamW step, five per SGD step. On the style of the loops see
/// [SimdElementwiseLoops].
final class SimdOptimizer implements OptimizerKernels {
  private static final VectorSpecies<Float> SPECIES =
      WidthTemplate.shapeOf(MethodHandles.lookup()).floats();
  private static final int VECTOR_BYTES = SPECIES.vectorByteSize();

  @Override
  public void adamW(
      AdamWStep step,
      MemorySegment gradient,
      MemorySegment m,
      MemorySegment v,
      long offsetBytes,
      int count,
      MemorySegment w) {
    gradient = OffHeap.of(gradient);
    m = OffHeap.of(m);
    v = OffHeap.of(v);
    w = OffHeap.of(w);
    int bytes = Math.multiplyExact(count, Float.BYTES);
    int vectorEnd = bytes & -VECTOR_BYTES;
    FloatVector gradientScale = broadcast(SPECIES, step.gradientScale());
    FloatVector beta1 = broadcast(SPECIES, step.beta1());
    FloatVector beta2 = broadcast(SPECIES, step.beta2());
    FloatVector rest1 = broadcast(SPECIES, 1f - step.beta1());
    FloatVector rest2 = broadcast(SPECIES, 1f - step.beta2());
    FloatVector correction2 = broadcast(SPECIES, step.inverseRootCorrection2());
    FloatVector epsilon = broadcast(SPECIES, step.epsilon());
    FloatVector minusStepSize = broadcast(SPECIES, -step.stepSize());
    FloatVector decay = broadcast(SPECIES, step.decay());
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      long at = offsetBytes + i;
      FloatVector rawG = fromMemorySegment(SPECIES, gradient, at, LITTLE_ENDIAN);
      FloatVector oldM = fromMemorySegment(SPECIES, m, at, LITTLE_ENDIAN);
      FloatVector oldV = fromMemorySegment(SPECIES, v, at, LITTLE_ENDIAN);
      FloatVector oldW = fromMemorySegment(SPECIES, w, at, LITTLE_ENDIAN);
      FloatVector g = gradientScale.lanewise(MUL, rawG);
      FloatVector newM = beta1.lanewise(FMA, oldM, rest1.lanewise(MUL, g));
      FloatVector newV = beta2.lanewise(FMA, oldV, rest2.lanewise(MUL, g).lanewise(MUL, g));
      FloatVector root = newV.lanewise(SQRT);
      FloatVector update =
          newM.lanewise(DIV, root.lanewise(MUL, correction2).lanewise(ADD, epsilon));
      FloatVector newW = minusStepSize.lanewise(FMA, update, oldW.lanewise(MUL, decay));
      newM.intoMemorySegment(m, at, LITTLE_ENDIAN);
      newV.intoMemorySegment(v, at, LITTLE_ENDIAN);
      newW.intoMemorySegment(w, at, LITTLE_ENDIAN);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      ScalarMath.adamW(step, gradient, m, v, offsetBytes + i, w);
    }
  }

  @Override
  public void sgd(
      SgdStep step,
      MemorySegment gradient,
      MemorySegment velocity,
      long offsetBytes,
      int count,
      MemorySegment w) {
    gradient = OffHeap.of(gradient);
    velocity = OffHeap.of(velocity);
    w = OffHeap.of(w);
    int bytes = Math.multiplyExact(count, Float.BYTES);
    int vectorEnd = bytes & -VECTOR_BYTES;
    FloatVector gradientScale = broadcast(SPECIES, step.gradientScale());
    FloatVector momentum = broadcast(SPECIES, step.momentum());
    FloatVector weightDecay = broadcast(SPECIES, step.weightDecay());
    FloatVector minusLearningRate = broadcast(SPECIES, -step.learningRate());
    boolean nesterov = step.nesterov();
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      long at = offsetBytes + i;
      FloatVector rawG = fromMemorySegment(SPECIES, gradient, at, LITTLE_ENDIAN);
      FloatVector oldVelocity = fromMemorySegment(SPECIES, velocity, at, LITTLE_ENDIAN);
      FloatVector oldW = fromMemorySegment(SPECIES, w, at, LITTLE_ENDIAN);
      FloatVector g = weightDecay.lanewise(FMA, oldW, gradientScale.lanewise(MUL, rawG));
      FloatVector newVelocity = momentum.lanewise(FMA, oldVelocity, g);
      FloatVector direction = newVelocity;
      if (nesterov) {
        direction = momentum.lanewise(FMA, newVelocity, g);
      }
      FloatVector newW = minusLearningRate.lanewise(FMA, direction, oldW);
      newVelocity.intoMemorySegment(velocity, at, LITTLE_ENDIAN);
      newW.intoMemorySegment(w, at, LITTLE_ENDIAN);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      ScalarMath.sgd(step, gradient, velocity, offsetBytes + i, w);
    }
  }
}
