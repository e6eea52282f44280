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
  private static final ListingCosts COSTS = new ListingCosts(1.25, 0.0625);

  private static final Kernels KERNELS = KernelProvider.kernels();
  private static final ListedProduct PRODUCT =
      ListedProduct.example(ListedProduct.Size.MANY_BLOCKS, 32, WeightPrecision.F32);

  private static final ListingCosts DEFAULTS = ListingCosts.defaults(PRODUCT.size());

  @TempDir private Path directory;

  @BeforeEach
  @AfterEach
  void forget() {
    System.clearProperty(Calibration.PROPERTY);
    System.clearProperty(Calibration.DIRECTORY_PROPERTY);
    Calibration.forget();
  }

  private static void find() {
    Calibration.find(KERNELS, PRODUCT, System.nanoTime() + 60_000_000_000L);
  }

  private CalibrationFile file(String machine) {
    return new CalibrationFile(directory, machine);
  }

  @Test
  void defaultsHoldUntilMeasured() {
    assertEquals(DEFAULTS, Calibration.costs(KERNELS, PRODUCT));
    find();
    ListingCosts measured = Calibration.costs(KERNELS, PRODUCT);
    assertTrue(measured.isPlausible(), measured.toString());
    assertNotEquals(DEFAULTS, measured);
    find();
    assertEquals(measured, Calibration.costs(KERNELS, PRODUCT), "measured once");
    Calibration shown = Calibration.of(KERNELS);
    assertEquals(6, shown.values().size());
    assertEquals(measured.ratio(), shown.values().get("listedRatio.many-blocks"));
  }

  @Test
  void everySetOfKernelsCanBeMeasured() {
    for (Kernels kernels : KernelProvider.all()) {
      for (ListedProduct.Size size : ListedProduct.Size.values()) {
        ListedProduct product = ListedProduct.example(size, 8, WeightPrecision.F32);
        assertEquals(size, product.size());
        ListingCosts costs = new ListingMeasurement(kernels, product).run();
        assertTrue(costs.ratio() >= 1 && costs.listing() > 0, kernels.name() + ": " + costs);
      }
    }
  }

  @Test
  void defaultsAreNeverReplacedWhereTheyWereAskedFor() {
    System.setProperty(Calibration.PROPERTY, "defaults");
    find();
    assertEquals(DEFAULTS, Calibration.costs(KERNELS, PRODUCT));
    assertEquals("defaults", Calibration.of(KERNELS).source());
  }

  @Test
  void aFileOutlivesTheJvmThatMeasured() throws IOException {
    System.setProperty(Calibration.PROPERTY, "file");
    System.setProperty(Calibration.DIRECTORY_PROPERTY, directory.resolve("new").toString());
    find();
    ListingCosts measured = Calibration.costs(KERNELS, PRODUCT);
    Calibration.forget();
    assertEquals(measured, Calibration.costs(KERNELS, PRODUCT));
    System.setProperty(Calibration.DIRECTORY_PROPERTY, directory.resolve("other").toString());
    Calibration.forget();
    assertEquals(DEFAULTS, Calibration.costs(KERNELS, PRODUCT));
  }

  @Test
  void nothingIsMeasuredBeforeItsKernelsAreCompiled() {
    Calibration.find(KERNELS, PRODUCT, System.nanoTime() - 1);
    assertEquals(DEFAULTS, Calibration.costs(KERNELS, PRODUCT));
  }

  @Test
  void nothingIsWrittenUnlessAskedFor() throws IOException {
    System.setProperty(Calibration.DIRECTORY_PROPERTY, directory.toString());
    find();
    try (var files = Files.list(directory)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void anUnwritableFolderLeavesTheMeasuredCosts() throws IOException {
    Path noFolder = Files.writeString(directory.resolve("file"), "");
    System.setProperty(Calibration.PROPERTY, "file");
    System.setProperty(Calibration.DIRECTORY_PROPERTY, noFolder.toString());
    find();
    assertNotEquals(DEFAULTS, Calibration.costs(KERNELS, PRODUCT));
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
            good.replaceFirst("\n", "\n\n"),
            good.substring(0, good.length() / 2),
            good.replace("1.25", "0.5"),
            good.replace("1.25", "NaN"),
            good.replace("1.25", "1e9"),
            good.replace("1.25", "-1.25"),
            good.replace("1.25", "quick"),
            good.replace("listingBlocks=0.0625\n", ""),
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
    assertTrue(DEFAULTS.isPlausible());
    assertFalse(new ListingCosts(Double.NaN, 1).isPlausible());
    assertFalse(new ListingCosts(0.9, 1).isPlausible());
    assertFalse(new ListingCosts(Double.POSITIVE_INFINITY, 1).isPlausible());
    assertFalse(new ListingCosts(1, 0).isPlausible());
    assertFalse(new ListingCosts(1, 50).isPlausible());
  }

  @Test
  void anUnknownModeIsNamed() {
    System.setProperty(Calibration.PROPERTY, "guess");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Calibration.costs(KERNELS, PRODUCT));
    assertTrue(e.getMessage().contains("dev.sluice.calibration=guess"), e.getMessage());
  }
}
