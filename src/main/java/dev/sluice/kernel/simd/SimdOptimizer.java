package dev.sluice.kernel.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.sluice.kernel.OptimizerKernels;
import dev.sluice.kernel.ScalarMath;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Limited by memory: seven f32 pass per parameter and AdamW step, five per SGD step.
final class SimdOptimizer implements OptimizerKernels {
  private static final VectorSpecies<Float> SPECIES =
      WidthTemplate.speciesOf(MethodHandles.lookup());
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
    int bytes = Math.multiplyExact(count, Float.BYTES);
    int vectorEnd = bytes & -VECTOR_BYTES;
    float gradientScale = step.gradientScale();
    FloatVector beta1 = FloatVector.broadcast(SPECIES, step.beta1());
    FloatVector beta2 = FloatVector.broadcast(SPECIES, step.beta2());
    float rest1 = 1f - step.beta1();
    float rest2 = 1f - step.beta2();
    float inverseRootCorrection2 = step.inverseRootCorrection2();
    float epsilon = step.epsilon();
    FloatVector minusStepSize = FloatVector.broadcast(SPECIES, -step.stepSize());
    float decay = step.decay();
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      long at = offsetBytes + i;
      FloatVector g = fromMemorySegment(SPECIES, gradient, at, LITTLE_ENDIAN).mul(gradientScale);
      FloatVector newM = beta1.fma(fromMemorySegment(SPECIES, m, at, LITTLE_ENDIAN), g.mul(rest1));
      FloatVector newV =
          beta2.fma(fromMemorySegment(SPECIES, v, at, LITTLE_ENDIAN), g.mul(rest2).mul(g));
      newM.intoMemorySegment(m, at, LITTLE_ENDIAN);
      newV.intoMemorySegment(v, at, LITTLE_ENDIAN);
      FloatVector update = newM.div(newV.sqrt().mul(inverseRootCorrection2).add(epsilon));
      minusStepSize
          .fma(update, fromMemorySegment(SPECIES, w, at, LITTLE_ENDIAN).mul(decay))
          .intoMemorySegment(w, at, LITTLE_ENDIAN);
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
    int bytes = Math.multiplyExact(count, Float.BYTES);
    int vectorEnd = bytes & -VECTOR_BYTES;
    float gradientScale = step.gradientScale();
    FloatVector momentum = FloatVector.broadcast(SPECIES, step.momentum());
    FloatVector weightDecay = FloatVector.broadcast(SPECIES, step.weightDecay());
    FloatVector minusLearningRate = FloatVector.broadcast(SPECIES, -step.learningRate());
    boolean nesterov = step.nesterov();
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      long at = offsetBytes + i;
      FloatVector oldW = fromMemorySegment(SPECIES, w, at, LITTLE_ENDIAN);
      FloatVector g =
          weightDecay.fma(
              oldW, fromMemorySegment(SPECIES, gradient, at, LITTLE_ENDIAN).mul(gradientScale));
      FloatVector newVelocity =
          momentum.fma(fromMemorySegment(SPECIES, velocity, at, LITTLE_ENDIAN), g);
      newVelocity.intoMemorySegment(velocity, at, LITTLE_ENDIAN);
      FloatVector direction = nesterov ? momentum.fma(newVelocity, g) : newVelocity;
      minusLearningRate.fma(direction, oldW).intoMemorySegment(w, at, LITTLE_ENDIAN);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      ScalarMath.sgd(step, gradient, velocity, offsetBytes + i, w);
    }
  }
}
