package dev.sluice.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void columnsAreAsWideAsTheirWidestCellAndFiguresAlignRight() {
    TextTable table =
        new TextTable().left("net").right("p50").row("dense", "12.40 µs").row("equal-MAC", "9 µs");
    assertEquals(
        """
        net             p50
        ---------  --------
        dense      12.40 µs
        equal-MAC      9 µs
        """,
        table.format());
  }

  @Test
  void aLineHasNoBlanksAtItsEnd() {
    TextTable table = new TextTable().left("what").left("found").row("long name here", "");
    assertEquals("what            found\n--------------  -----\nlong name here\n", table.format());
  }

  @Test
  void aCharacterBeyondTheBasicPlaneIsOneWide() {
    TextTable table = new TextTable().left("a").left("b").row("\uD835\uDEB2", "x");
    assertEquals("a  b\n-  -\n\uD835\uDEB2  x\n", table.format());
  }

  @Test
  void aRowOfAnotherLengthIsRefused() {
    TextTable table = new TextTable().left("a").left("b");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> table.row("only one"));
    assertEquals("cells differ from columns: expected=2, actual=1", e.getMessage());
  }
}
