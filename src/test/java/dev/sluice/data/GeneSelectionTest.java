package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GeneSelectionTest {
  private static final int GENES = 70;
  private static final int CELLS = 60;

  private static int[] firstCells(int count) {
    return IntStream.range(0, count).toArray();
  }

  @Test
  void genesThatVaryMoreThanOthersOfTheirMeanAreChosen() {
    int[] markers = IntStream.range(0, GENES).filter(CountMatrix::isMarker).toArray();
    for (long seed = 1; seed <= 5; seed++) {
      SparseMatrix counts = new CountMatrix(GENES, CELLS, seed).sparse();
      int[] chosen = GeneSelection.choose(counts, firstCells(CELLS), markers.length);
      // The two of the lowest means do not stand out of the noise around them.
      int[] expected = Arrays.stream(markers).filter(gene -> gene > 10).toArray();
      int[] found = Arrays.stream(chosen).filter(gene -> gene > 10).toArray();
      assertEquals(
          expected.length,
          Arrays.stream(found).filter(CountMatrix::isMarker).count(),
          "seed " + seed + ": " + Arrays.toString(chosen));
    }
  }

  @Test
  void cellsOutsideTheTrainingPartHaveNoSay() {
    CountMatrix matrix = new CountMatrix(GENES, CELLS, 8);
    int[] before = GeneSelection.choose(matrix.sparse(), firstCells(40), 12);
    for (int gene = 0; gene < GENES; gene++) {
      Arrays.fill(matrix.counts[gene], 40, CELLS, 1000 * (gene % 2));
    }
    assertArrayEquals(before, GeneSelection.choose(matrix.sparse(), firstCells(40), 12));
  }

  @Test
  void genesWithoutVarianceAreNeverChosen() {
    CountMatrix matrix = new CountMatrix(GENES, CELLS, 3);
    Arrays.fill(matrix.counts[5], 4);
    Arrays.fill(matrix.counts[6], 0);
    int[] all = GeneSelection.choose(matrix.sparse(), firstCells(CELLS), GENES - 2);
    assertArrayEquals(IntStream.range(0, GENES).filter(g -> g != 5 && g != 6).toArray(), all);
    Complaint.of(
        () -> GeneSelection.choose(matrix.sparse(), firstCells(CELLS), GENES - 1),
        "fewer genes vary in the training cells than asked for: genes=69, varying=68");
  }

  @Test
  void aFitNeedsSeveralMeans() {
    SparseMatrix counts = new CountMatrix(9, CELLS, 3).sparse();
    Complaint.of(
        () -> GeneSelection.choose(counts, firstCells(CELLS), 3),
        "too few different gene means to fit their variance");
  }
}
