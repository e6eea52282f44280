package dev.sluice.runtime;

import java.util.LinkedHashMap;
import java.util.Map;

/// What reading listed inputs costs, against reading all, for products of one size, on one machine with one set of kernels.
///
/// The model: over `n` inputs, `z` of them non-zero, a dense product takes time `∝ n` and a listed one `∝ z · ratio`. Making the list
/// takes as long as the dense product of `listing` blocks.
record ListingCosts(double ratio, double listing) {
  /// A list that turns out to be of no use may cost this share of its layer: dense rows then lose 3 %, where sparse ones gain tens of
  /// per cent.
  private static final double LARGEST_LISTING_SHARE = 1.0 / 32;

  private static final String RATIO = "listedRatio";
  private static final String LISTING = "listingBlocks";

  /// Of an x86-64 machine with AVX-512, rounded to the safe side: until a machine is measured, a list must be clearly shorter.
  static ListingCosts defaults(ListedProduct.Size size) {
    return switch (size) {
      case FEW_BLOCKS -> new ListingCosts(1.9, 0.1);
      case MANY_BLOCKS -> new ListingCosts(1.3, 0.1);
      case PAST_CACHE -> new ListingCosts(1.6, 0.1);
    };
  }

  /// By name, as [#of] takes them.
  Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(RATIO, ratio);
    values.put(LISTING, listing);
    return values;
  }

  /// A name that is missing becomes NaN, which is not plausible.
  static ListingCosts of(Map<String, Double> values) {
    return new ListingCosts(
        values.getOrDefault(RATIO, Double.NaN), values.getOrDefault(LISTING, Double.NaN));
  }

  /// Values outside are errors of measurement, or of a file.
  boolean isPlausible() {
    return ratio >= 1 && ratio <= 16 && listing > 0 && listing <= 8;
  }

  /// Whether a row's zeros should be looked for.
  boolean isWorthListing(ListedProduct product) {
    return listing <= LARGEST_LISTING_SHARE * product.blocks();
  }

  /// Up to how many non-zeros among all inputs the list is the quicker way.
  int mostNonZeros(ListedProduct product) {
    return (int) (product.inputs() / ratio);
  }
}
