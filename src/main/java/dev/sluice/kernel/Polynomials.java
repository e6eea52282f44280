package dev.sluice.kernel;

/// Constants of the elementary functions, shared by [ScalarMath] and the SIMD kernels.
///
/// The polynomials are minimax fits (Remez, 50 digits) of the *relative* error of the whole function, rounded to f32; each says
/// how far it is off before rounding errors. Constants in hexadecimal have no shorter decimal that means the same.
public final class Polynomials {
  /// Added to a value of magnitude below 2^22 it rounds it to an integer `n`; the sum's low bits then hold `n + 127`, the exponent
  /// of 2^n.
  public static final float ROUND_TO_EXPONENT = 0x1.8p23f + 127;

  /// Puts the bits of [#ROUND_TO_EXPONENT]`+ n` where an exponent is: all other bits of it are shifted out.
  public static final int EXPONENT_SHIFT = 23;

  /// From here on up e^x is held: the largest `n` of 2^n is 127, which `x · log2(e)` reaches at 88.376.
  public static final float EXP_MAX = 88.37f;

  /// Below this e^x is 0: above it every result is a normal number (the smallest is e^−87.3365).
  public static final float EXP_MIN = -87.33f;

  public static final float LOG2_E = 0x1.715476p0f;

  /// ln 2 in two parts (Cody & Waite 1980). With fma the high part may use all of its 24 bits.
  public static final float LN2_HIGH = 0x1.62e43p-1f;

  public static final float LN2_LOW = -0x1.05c61p-29f;

  /// `e^r ≈ 1 + r + r²·(EXP_2 + EXP_3·r + … + EXP_6·r⁴)` for |r| ≤ ln(2)/2, off by 3.1e-9.
  public static final float EXP_2 = 0x1.fffffcp-2f;

  public static final float EXP_3 = 0x1.555492p-3f;
  public static final float EXP_4 = 0x1.5558f2p-5f;
  public static final float EXP_5 = 0x1.1239e2p-7f;
  public static final float EXP_6 = 0x1.6a240cp-10f;

  /// Up to here tanh is a polynomial; beyond it `1 − 2e/(1 + e)`, `e = e^−2x`, loses less than a bit to cancellation.
  public static final float TANH_POLYNOMIAL_MAX = 0.625f;

  /// `tanh(x) ≈ x + x·(TANH_3·x² + TANH_5·x⁴ + … + TANH_11·x¹⁰)`, off by 4.4e-9.
  public static final float TANH_3 = -0x1.555532p-2f;

  public static final float TANH_5 = 0x1.110726p-3f;
  public static final float TANH_7 = -0x1.b83c5ap-5f;
  public static final float TANH_9 = 0x1.52269cp-6f;
  public static final float TANH_11 = -0x1.75e1cep-8f;

  /// `e^(−x²/2)` is 0 from 13.22 on, so nothing changes beyond; a finite limit keeps `∞ · 0` away.
  public static final float NORMAL_MAX = 14f;

  /// `1 − Φ(a) ≈ e^(−a²/2) · (NORMAL_1·t + … + NORMAL_9·t⁹)` with `t = 1 / (1 + NORMAL_SCALE·a)`, `0 ≤ a ≤ 13.22`, off by
  /// 6.5e-8: the form of Hastings 1955 (Abramowitz & Stegun 7.1.26) with more terms. 0.28 of the scales tried rounds best.
  public static final float NORMAL_SCALE = 0.28f;

  public static final float NORMAL_1 = 0x1.c9745ep-4f;
  public static final float NORMAL_2 = 0x1.cb00d8p-4f;
  public static final float NORMAL_3 = 0x1.9b8518p-4f;
  public static final float NORMAL_4 = 0x1.805bbep-4f;
  public static final float NORMAL_5 = 0x1.9341bap-5f;
  public static final float NORMAL_6 = 0x1.b3341ep-6f;
  public static final float NORMAL_7 = 0x1.09b972p-4f;
  public static final float NORMAL_8 = -0x1.4be8c8p-4f;
  public static final float NORMAL_9 = 0x1.6dadbp-6f;

  /// φ(0) of the standard normal distribution, 1/√(2π).
  public static final float INVERSE_ROOT_2_PI = 0x1.988454p-2f;

  private Polynomials() {}
}
