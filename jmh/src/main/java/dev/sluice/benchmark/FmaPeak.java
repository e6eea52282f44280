package dev.sluice.benchmark;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// As many fused multiply-adds as a core can do, all in registers: what the speed of products is a share of.
@State(Scope.Thread)
public class FmaPeak {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /// Two units of a latency of four cycles need 8 chains; 12 leave room for other machines and still fit 16 registers.
  private static final int CHAINS = 12;

  private static final int STEPS = 4096;

  static final long MACS = (long) CHAINS * STEPS * SPECIES.length();

  private float left = 0.0123f;

  private float right = 0.0321f;

  @Setup(Level.Trial)
  public void requireAgreement() {
    float start = 0;
    float sum = 0;
    for (int chain = 0; chain < CHAINS; chain++) {
      start += left;
      float accumulator = start;
      for (int step = 0; step < STEPS; step++) {
        accumulator = Math.fma(left, right, accumulator);
      }
      sum += accumulator;
    }
    float[] expected = new float[SPECIES.length()];
    Arrays.fill(expected, sum);
    Agreement.requireSameBits("fmaPeak", expected, run().toArray());
  }

  /// The form of all kernels, `accumulator += x·y`. Chains start apart, or a compiler might see that they are one; the factors are fields
  /// that it cannot know.
  FloatVector run() {
    FloatVector x = FloatVector.broadcast(SPECIES, left);
    FloatVector y = FloatVector.broadcast(SPECIES, right);
    FloatVector a = x;
    FloatVector b = a.add(x);
    FloatVector c = b.add(x);
    FloatVector d = c.add(x);
    FloatVector e = d.add(x);
    FloatVector f = e.add(x);
    FloatVector g = f.add(x);
    FloatVector h = g.add(x);
    FloatVector i = h.add(x);
    FloatVector j = i.add(x);
    FloatVector k = j.add(x);
    FloatVector l = k.add(x);
    for (int step = 0; step < STEPS; step++) {
      a = x.fma(y, a);
      b = x.fma(y, b);
      c = x.fma(y, c);
      d = x.fma(y, d);
      e = x.fma(y, e);
      f = x.fma(y, f);
      g = x.fma(y, g);
      h = x.fma(y, h);
      i = x.fma(y, i);
      j = x.fma(y, j);
      k = x.fma(y, k);
      l = x.fma(y, l);
    }
    return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l);
  }
}
