package dev.sluice.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.kernel.Activation;
import dev.sluice.model.ModelSpec;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EqualMacNetworkTest {
  private static final List<Integer> MNIST = List.of(784, 512, 512, 10);
  private static final List<Integer> CIFAR = List.of(3072, 1024, 512, 10);

  private static ModelSpec spec(List<Integer> widths, long macs, int step) {
    return EqualMacNetwork.spec(widths, macs, step, Activation.RELU);
  }

  @Test
  void widthsAreTheNearestInWholeSteps() {
    assertEquals("784-160-160-10", spec(MNIST, 167_168, 32).architecture());
    assertEquals("784-32-32-10", spec(MNIST, 1, 32).architecture());
    // 794·40 + 40² = 33,360 and 794·41 + 41² = 34,235
    assertEquals("784-40-40-10", spec(MNIST, 33_434, 1).architecture());
    assertEquals("784-1-1-10", spec(MNIST, 0, 1).architecture());
  }

  @Test
  void hiddenWidthsKeepTheirProportions() {
    // 3072·276 + 276·138 + 138·10 = 887,340; 278, 139: 894,048; 280, 140: 900,760
    assertEquals("3072-278-139-10", spec(CIFAR, 894_048, 1).architecture());
  }

  @Test
  void theWholeNetworkIsItsOwnEqual() {
    assertEquals("3072-1024-512-10", spec(CIFAR, 3_675_136, 1).architecture());
  }

  @Test
  void noOtherWidthIsNearer() {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    for (int trial = 0; trial < 200; trial++) {
      long macs = random.nextLong(1000, 668_672);
      long error = Math.abs(spec(MNIST, macs, 1).denseMacs() - macs);
      for (long hidden = 1; hidden <= 512; hidden++) {
        long other = Math.abs(794 * hidden + hidden * hidden - macs);
        assertTrue(error <= other, "seed=" + seed + ", macs=" + macs + ", hidden=" + hidden);
      }
    }
  }
}
