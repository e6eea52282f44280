package dev.sluice.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.math3.analysis.interpolation.LoessInterpolator;

/// Ranks genes by how much more their raw counts vary than those of other genes with the same mean:
/// variance stabilisation in the manner of Stuart et al. 2019 (doi:10.1016/j.cell.2019.05.031), known
/// as `seurat_v3`.
///
/// ```
/// mean_g, var_g       over n cells, var divided by n − 1; genes with var_g = 0 take no part
/// σ_g² = 10^fit(log10 mean_g)      fit: loess of log10 var on log10 mean
/// score_g = 1/((n − 1) σ_g²) · Σ_cells (min(x, mean_g + √n σ_g) − mean_g)²
/// ```
///
/// The loess is locally linear (Cleveland 1979), span 0.3, one pass, over the distinct means, each
/// weighted by its number of genes and standing for the average of their log10 var; the original's is
/// locally quadratic over the single genes. Scores, and so the last genes chosen, differ accordingly.
final class GeneSelection {
  private static final double SPAN = 0.3;

  /// Below it a span would hold fewer than three means.
  private static final int MIN_MEANS = 10;

  private final int cells;
  private final double[] means;
  private final double[] variances;

  private GeneSelection(SparseMatrix counts, int[] cells) {
    this.cells = cells.length;
    this.means = new double[counts.rows()];
    this.variances = new double[counts.rows()];
    double[] sums = new double[counts.rows()];
    double[] squares = new double[counts.rows()];
    for (int cell : cells) {
      for (int i = counts.columnStart()[cell]; i < counts.columnStart()[cell + 1]; i++) {
        double value = counts.values()[i];
        sums[counts.rowOf()[i]] += value;
        squares[counts.rowOf()[i]] += value * value;
      }
    }
    for (int gene = 0; gene < sums.length; gene++) {
      means[gene] = sums[gene] / this.cells;
      variances[gene] = (squares[gene] - sums[gene] * means[gene]) / (this.cells - 1);
    }
  }

  /// The `count` genes with the highest score, ascending by row; among equal scores the earlier row.
  ///
  /// @param counts genes × cells, raw
  /// @param cells the training cells: columns of `counts`, at least two
  /// @throws DatasetException if too few genes vary
  static int[] choose(SparseMatrix counts, int[] cells, int count) {
    GeneSelection selection = new GeneSelection(counts, cells);
    double[] scores = selection.scores(counts, cells);
    int varying = (int) IntStream.range(0, scores.length).filter(selection::varies).count();
    if (count > varying) {
      throw new DatasetException(
          "fewer genes vary in the training cells than asked for: genes="
              + count
              + ", varying="
              + varying);
    }
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer gene) -> -scores[gene]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  private boolean varies(int gene) {
    return variances[gene] > 0;
  }

  /// Score of each gene, -1 for one that does not vary.
  private double[] scores(SparseMatrix counts, int[] chosen) {
    double[] deviations = expectedDeviations();
    double[] clips = new double[deviations.length];
    double[] scores = new double[deviations.length];
    for (int gene = 0; gene < scores.length; gene++) {
      clips[gene] = means[gene] + Math.sqrt(cells) * deviations[gene];
      // What all cells would add if none had a count; each entry then corrects its own part.
      scores[gene] = cells * means[gene] * means[gene];
    }
    for (int cell : chosen) {
      for (int i = counts.columnStart()[cell]; i < counts.columnStart()[cell + 1]; i++) {
        int gene = counts.rowOf()[i];
        double clipped = Math.min(counts.values()[i], clips[gene]);
        scores[gene] += clipped * (clipped - 2 * means[gene]);
      }
    }
    for (int gene = 0; gene < scores.length; gene++) {
      scores[gene] =
          varies(gene) ? scores[gene] / ((cells - 1) * deviations[gene] * deviations[gene]) : -1;
    }
    return scores;
  }

  /// σ of each gene as its mean lets expect, 1 for one that does not vary.
  private double[] expectedDeviations() {
    // Counts are whole, so that equal sums are equal means, bit by bit.
    Map<Double, double[]> byMean = new TreeMap<>();
    for (int gene = 0; gene < means.length; gene++) {
      if (varies(gene)) {
        double[] group = byMean.computeIfAbsent(means[gene], mean -> new double[2]);
        group[0] += StrictMath.log10(variances[gene]);
        group[1]++;
      }
    }
    if (byMean.size() < MIN_MEANS) {
      throw new DatasetException(
          "too few different gene means to fit their variance: means="
              + byMean.size()
              + ", expected="
              + MIN_MEANS
              + " or more");
    }
    double[] distinct = byMean.keySet().stream().mapToDouble(Double::doubleValue).toArray();
    double[] fitted = fit(distinct, byMean);
    double[] deviations = new double[means.length];
    for (int gene = 0; gene < means.length; gene++) {
      deviations[gene] =
          varies(gene)
              ? Math.sqrt(StrictMath.pow(10, fitted[Arrays.binarySearch(distinct, means[gene])]))
              : 1;
    }
    return deviations;
  }

  private static double[] fit(double[] distinct, Map<Double, double[]> byMean) {
    double[] x = new double[distinct.length];
    double[] y = new double[distinct.length];
    double[] weights = new double[distinct.length];
    for (int i = 0; i < distinct.length; i++) {
      double[] group = byMean.getOrDefault(distinct[i], new double[] {0, 1});
      x[i] = StrictMath.log10(distinct[i]);
      y[i] = group[0] / group[1];
      weights[i] = group[1];
    }
    return new LoessInterpolator(SPAN, 0).smooth(x, y, weights);
  }
}
