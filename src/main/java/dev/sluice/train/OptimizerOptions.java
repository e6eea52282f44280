package dev.sluice.train;

/// How gradients become updates. Weight decay acts on the weights of layers and gates; biases, and so the logits of static gates,
/// are not decayed.
public sealed interface OptimizerOptions {
  double weightDecay();

  /// AdamW, Loshchilov & Hutter 2019: weight decay apart from the gradient, `w ← w·(1 − rate·weightDecay)`.
  record AdamW(double beta1, double beta2, double epsilon, double weightDecay)
      implements OptimizerOptions {
    public AdamW {
      OptionChecks.below("beta1", beta1, 0, 1);
      OptionChecks.below("beta2", beta2, 0, 1);
      OptionChecks.between("epsilon", epsilon, 0, 1);
      OptionChecks.within("weightDecay", weightDecay, 0, 1e3);
    }

    public static AdamW withDecay(double weightDecay) {
      return new AdamW(0.9, 0.999, 1e-8, weightDecay);
    }
  }

  /// Stochastic gradient descent with momentum, classical or Nesterov's; weight decay is added to the gradient.
  record Sgd(double momentum, boolean nesterov, double weightDecay) implements OptimizerOptions {
    public Sgd {
      OptionChecks.below("momentum", momentum, 0, 1);
      OptionChecks.within("weightDecay", weightDecay, 0, 1e3);
    }
  }
}
