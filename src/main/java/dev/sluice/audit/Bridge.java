package dev.sluice.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// From the time that MACs promise to the time that was measured, item by item: promised time and all differences come to measured time, whatever was measured.
///
/// Promised are the dense twin's time times relative MACs: of its products as much as each kind of product has MACs, of all else of it the same share, as if it shrank with
/// them.
///
/// @param items a part each, and last what no part explains
public record Bridge(List<Item> items) {
  /// @param part null for what parts leave of the whole
  public record Item(
      @Nullable TimePart part, double denseNanos, double promisedNanos, double nanos) {
    public double differenceNanos() {
      return nanos - promisedNanos;
    }
  }

  public Bridge {
    items = List.copyOf(items);
  }

  static Bridge of(TimeBooks time) {
    double relative = time.shares().relativeMacs();
    double denseProducts = denseProducts(time.denseParts());
    List<Item> items = new ArrayList<>();
    for (TimePart part : TimePart.values()) {
      double dense = time.denseParts().nanos(part);
      double promised =
          part.macs() == null ? relative * dense : time.shares().of(part.macs()) * denseProducts;
      items.add(new Item(part, dense, promised, time.parts().nanos(part)));
    }
    double denseRest = time.denseNanos() - time.denseParts().sum();
    double rest = time.nanos() - time.parts().sum();
    items.add(new Item(null, denseRest, relative * denseRest, rest));
    return new Bridge(items);
  }

  private static double denseProducts(TimeParts dense) {
    return Arrays.stream(TimePart.values())
        .filter(part -> part.macs() != null)
        .mapToDouble(dense::nanos)
        .sum();
  }

  public double promisedNanos() {
    return items.stream().mapToDouble(Item::promisedNanos).sum();
  }

  public double measuredNanos() {
    return items.stream().mapToDouble(Item::nanos).sum();
  }
}
