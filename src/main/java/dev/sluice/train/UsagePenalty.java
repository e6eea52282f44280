package dev.sluice.train;

/// A term on how much the gates open, added to the loss per gated layer; `p̄`, `ĝ̄` are means over rows and gates of that layer.
///
/// ```
/// USAGE         weight · p̄
/// HINGE         weight · max(0, p̄ − target)
/// TARGET        weight · (p̄ − target)²
/// HARD_TARGET   weight · (ĝ̄ − target)²        the decisions' mean, gradient straight through
/// KEEP_FLOOR    weight · max(0, target − p̄)²   against collapse; acts from the first step on
///
/// BLOCK_SHARE   weight · Σ_j |mean_i p_ij − target|         every gate opens on that share of the rows
/// ROW_SHARE     weight · mean_i |mean_j p_ij − target|      every row opens that share of the gates
/// …_SQUARED     the same with squared distances
/// ```
///
/// The last four are L_b and L_e of Bengio et al. 2015 (arXiv 1511.06297), eq. 6, as printed and as their code has them; the code's L_e is a sum over
/// rows. All but KEEP_FLOOR follow the warm-up and ramp of [GateOptions].
///
/// @param weight λ, or κ of the keep floor
/// @param target in [0, 1]; not used by USAGE
public record UsagePenalty(Kind kind, double weight, double target) {
  /// Form of the term.
  public enum Kind {
    USAGE,
    HINGE,
    TARGET,
    HARD_TARGET,
    KEEP_FLOOR,
    BLOCK_SHARE,
    BLOCK_SHARE_SQUARED,
    ROW_SHARE,
    ROW_SHARE_SQUARED
  }

  public UsagePenalty {
    OptionChecks.within("penalty weight", weight, 0, 1e9);
    OptionChecks.within("penalty target", target, 0, 1);
  }
}
