package dev.sluice.runtime;

import java.util.LinkedHashMap;
import java.util.Map;

/// What reading listed inputs costs, against reading all, on one machine with one set of kernels.
///
/// The model: over `n` inputs, `z` of them non-zero, a dense product takes time `∝ n` and a listed one `∝ z · ratio`; the ratio
/// depends on how many blocks go side by side and on where the weights come from. Making the list takes as long as the dense product
/// of `listing` blocks.
///
/// @param fewBlocks ratio for products of fewer than four blocks
/// @param manyBlocks for four and more that fit the second-level cache
/// @param pastCache for larger ones, where a list leaves gaps that prefetching does not foresee
record ListingCosts(double fewBlocks, double manyBlocks, double pastCache, double listing) {
  /// Of an x86-64 machine with AVX-512, rounded to the safe side: until a machine is measured, a list must be clearly shorter.
  static final ListingCosts DEFAULTS = new ListingCosts(1.9, 1.3, 1.6, 0.1);

  /// Bytes of panels from which `pastCache` holds: what second-level caches commonly have.
  static final long CACHE_BYTES = 1 << 20;

  /// A list that turns out to be of no use may cost this share of its layer: dense rows then lose 3 %, where sparse ones gain tens of
  /// per cent.
  private static final double LARGEST_LISTING_SHARE = 1.0 / 32;

  private static final String FEW_BLOCKS = "listedRatioFewBlocks";
  private static final String MANY_BLOCKS = "listedRatioManyBlocks";
  private static final String PAST_CACHE = "listedRatioPastCache";
  private static final String LISTING = "listingBlocks";

  /// By name, as [#of] takes them.
  Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(FEW_BLOCKS, fewBlocks);
    values.put(MANY_BLOCKS, manyBlocks);
    values.put(PAST_CACHE, pastCache);
    values.put(LISTING, listing);
    return values;
  }

  /// A name that is missing becomes NaN, which is not plausible.
  static ListingCosts of(Map<String, Double> values) {
    return new ListingCosts(
        values.getOrDefault(FEW_BLOCKS, Double.NaN),
        values.getOrDefault(MANY_BLOCKS, Double.NaN),
        values.getOrDefault(PAST_CACHE, Double.NaN),
        values.getOrDefault(LISTING, Double.NaN));
  }

  /// Values outside are errors of measurement, or of a file.
  boolean isPlausible() {
    return isRatio(fewBlocks)
        && isRatio(manyBlocks)
        && isRatio(pastCache)
        && listing > 0
        && listing < 1000;
  }

  private static boolean isRatio(double ratio) {
    return ratio >= 1 && ratio <= 100;
  }

  /// Whether a row's zeros should be looked for.
  boolean isWorthListing(ListedProduct product) {
    return listing <= LARGEST_LISTING_SHARE * product.blocks();
  }

  /// Up to how many non-zeros among all inputs the list is the quicker way.
  int mostNonZeros(ListedProduct product) {
    return (int) (product.inputs() / ratio(product));
  }

  private double ratio(ListedProduct product) {
    if (product.panelBytes() > CACHE_BYTES) {
      return pastCache;
    }
    return product.blocks() < 4 ? fewBlocks : manyBlocks;
  }
}
