package dev.sluice.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void figuresLookTheSameInEveryLanguage() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertEquals("98.34 %", Figures.percent(0.98341));
      assertEquals("668,672", Figures.count(668_672));
      assertEquals("12.40 µs", Figures.micros(12_400));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void aFigureThatDoesNotExistIsADash() {
    assertEquals("–", Figures.percent(Double.NaN));
    assertEquals("–", Figures.share(Double.NaN));
    assertEquals("–", Figures.compact(Double.NaN));
    assertEquals("–", Figures.times(Double.NaN));
    assertEquals("–", Figures.meanCount(Double.NaN));
    assertEquals("–", Figures.micros(Double.NaN));
    assertEquals("–", Figures.duration(Double.POSITIVE_INFINITY));
  }

  @Test
  void smallAndLargeFiguresGetAnExponent() {
    assertEquals("0.000", Figures.compact(0));
    assertEquals("0.001000", Figures.compact(1e-3));
    assertEquals("9.99e-04", Figures.compact(9.99e-4));
    assertEquals("-2.50", Figures.compact(-2.5).substring(0, 5));
    assertEquals("1.00e+06", Figures.compact(1e6));
  }

  @Test
  void aWholeMeanHasNoDecimals() {
    assertEquals("50,176", Figures.meanCount(50_176));
    assertEquals("23,018.2", Figures.meanCount(23_018.24));
  }

  @Test
  void bytesChangeUnitAtPowersOf1024() {
    assertEquals("1023 B", Figures.bytes(1023));
    assertEquals("1.00 KiB", Figures.bytes(1024));
    assertEquals("1.50 MiB", Figures.bytes(3 << 19));
    assertEquals("2048.00 TiB", Figures.bytes(1L << 51));
  }

  @Test
  void durationsChangeFormAtMinutesAndHours() {
    assertEquals("59 s", Figures.duration(59.4));
    assertEquals("1:00 min", Figures.duration(59.6));
    assertEquals("3:09 min", Figures.duration(189));
    assertEquals("2:03:09 h", Figures.duration(2 * 3600 + 189));
  }
}
