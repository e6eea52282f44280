package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.WeightPrecision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTest {
  private static final ListingCosts COSTS = new ListingCosts(1.5, 1.25, 2.5, 0.0625);

  private static final Kernels KERNELS = KernelProvider.kernels();
  private static final ListedProduct PRODUCT = ListedProduct.example(32, WeightPrecision.F32);

  @TempDir private Path directory;

  @BeforeEach
  @AfterEach
  void forget() {
    System.clearProperty(Calibration.PROPERTY);
    System.clearProperty(Calibration.DIRECTORY_PROPERTY);
    Calibration.forget();
  }

  private CalibrationFile file(String machine) {
    return new CalibrationFile(directory, machine);
  }

  @Test
  void defaultsHoldUntilMeasured() {
    assertEquals(ListingCosts.DEFAULTS, Calibration.costs(KERNELS, PRODUCT));
    Calibration.find(KERNELS, PRODUCT);
    ListingCosts measured = Calibration.costs(KERNELS, PRODUCT);
    assertTrue(measured.isPlausible(), measured.toString());
    assertNotEquals(ListingCosts.DEFAULTS, measured);
    Calibration.find(KERNELS, PRODUCT);
    assertEquals(measured, Calibration.costs(KERNELS, PRODUCT), "measured once");
    assertEquals("measured", Calibration.of(KERNELS).source());
  }

  @Test
  void everySetOfKernelsCanBeMeasured() {
    for (Kernels kernels : KernelProvider.all()) {
      for (int blockSize : new int[] {8, 64}) {
        ListedProduct product = ListedProduct.example(blockSize, WeightPrecision.F32);
        ListingCosts costs = new ListingMeasurement(kernels, product).run();
        assertTrue(costs.isPlausible(), kernels.name() + ": " + costs);
      }
    }
  }

  @Test
  void defaultsAreNeverReplacedWhereTheyWereAskedFor() {
    System.setProperty(Calibration.PROPERTY, "defaults");
    Calibration.find(KERNELS, PRODUCT);
    assertEquals(ListingCosts.DEFAULTS, Calibration.costs(KERNELS, PRODUCT));
    assertEquals("defaults", Calibration.of(KERNELS).source());
  }

  @Test
  void aFileOutlivesTheJvmThatMeasured() throws IOException {
    System.setProperty(Calibration.PROPERTY, "file");
    System.setProperty(Calibration.DIRECTORY_PROPERTY, directory.resolve("new").toString());
    Calibration.find(KERNELS, PRODUCT);
    ListingCosts measured = Calibration.costs(KERNELS, PRODUCT);
    Calibration.forget();
    assertEquals(measured, Calibration.costs(KERNELS, PRODUCT));
    try (var files = Files.list(directory.resolve("new"))) {
      assertEquals(List.of(Calibration.of(KERNELS).source()), files.map(Path::toString).toList());
    }
  }

  @Test
  void nothingIsWrittenUnlessAskedFor() throws IOException {
    System.setProperty(Calibration.DIRECTORY_PROPERTY, directory.toString());
    Calibration.find(KERNELS, PRODUCT);
    try (var files = Files.list(directory)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void anUnwritableFolderLeavesTheMeasuredCosts() throws IOException {
    Path noFolder = Files.writeString(directory.resolve("file"), "");
    System.setProperty(Calibration.PROPERTY, "file");
    System.setProperty(Calibration.DIRECTORY_PROPERTY, noFolder.toString());
    Calibration.find(KERNELS, PRODUCT);
    assertEquals("measured", Calibration.of(KERNELS).source());
  }

  @Test
  void filesOfOtherMachinesAreNotRead() throws IOException {
    CalibrationFile mine = file("this machine");
    CalibrationFile foreign = file("another machine");
    assertTrue(foreign.write(COSTS));
    assertEquals(Optional.of(COSTS), foreign.read());
    assertEquals(Optional.empty(), mine.read());
    Files.copy(foreign.path(), mine.path());
    assertEquals(Optional.empty(), mine.read(), "under the right name, but of another machine");
  }

  @Test
  void damagedFilesAreNotReadAndMadeAgain() throws IOException {
    CalibrationFile file = file("this machine");
    assertTrue(file.write(COSTS));
    String good = Files.readString(file.path());
    List<String> damaged =
        List.of(
            "",
            "\n",
            good.substring(0, good.length() / 2),
            good.replace("1.25", "0.5"),
            good.replace("1.25", "NaN"),
            good.replace("1.25", "1e9"),
            good.replace("1.25", "-1.25"),
            good.replace("1.25", "quick"),
            good.replace("listedRatioFewBlocks=1.5\n", ""),
            good.replace("calibration 1", "calibration 2"),
            good + "x".repeat(5000));
    for (String text : damaged) {
      Files.writeString(file.path(), text);
      assertEquals(Optional.empty(), file.read(), text);
    }
    Files.write(file.path(), new byte[] {(byte) 0xC3, (byte) 0x28, 0, 1});
    assertEquals(Optional.empty(), file.read(), "no UTF-8");
    assertTrue(file.write(COSTS));
    assertEquals(Optional.of(COSTS), file.read());
  }

  @Test
  void costsThatNoMachineHasAreNotPlausible() {
    assertTrue(ListingCosts.DEFAULTS.isPlausible());
    assertFalse(new ListingCosts(Double.NaN, 1, 1, 1).isPlausible());
    assertFalse(new ListingCosts(1, 0.9, 1, 1).isPlausible());
    assertFalse(new ListingCosts(1, 1, Double.POSITIVE_INFINITY, 1).isPlausible());
    assertFalse(new ListingCosts(1, 1, 1, 0).isPlausible());
  }

  @Test
  void anUnknownModeIsNamed() {
    System.setProperty(Calibration.PROPERTY, "guess");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Calibration.costs(KERNELS, PRODUCT));
    assertTrue(e.getMessage().contains("dev.sluice.calibration=guess"), e.getMessage());
  }
}
