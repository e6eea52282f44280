package dev.sluice.runtime;

import dev.sluice.format.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Costs of one machine, JDK and set of kernels, one `name=value` a line after a line that says whose they are:
///
/// ```
/// sluice calibration 1: AuthenticAMD 26 …, amd64, OpenJDK 64-Bit Server VM 25.0.3+9-LTS, simd-512.B32.f32.few-blocks
/// listedRatio=1.74
/// listingBlocks=0.08
/// ```
///
/// The name comes from the first line, so machines that share a home do not overwrite one another's.
///
/// @param machine whose costs these are
record CalibrationFile(Path directory, String machine) {
  private static final int LARGEST_BYTES = 4096;

  Path path() {
    String hash =
        UUID.nameUUIDFromBytes(machine.getBytes(StandardCharsets.UTF_8))
            .toString()
            .substring(0, 13);
    return directory.resolve("calibration-" + hash + ".txt");
  }

  /// Empty if there is no file, or one that is damaged or of another machine: it can be made again at any time.
  Optional<ListingCosts> read() {
    try {
      if (!Files.isRegularFile(path()) || Files.size(path()) > LARGEST_BYTES) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(path());
      if (lines.isEmpty() || !lines.getFirst().equals(title())) {
        return Optional.empty();
      }
      ListingCosts costs = ListingCosts.of(values(lines.subList(1, lines.size())));
      return Optional.of(costs).filter(ListingCosts::isPlausible);
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Map<String, Double> values(List<String> lines) {
    Map<String, Double> values = new HashMap<>();
    for (String line : lines) {
      int equals = line.indexOf('=');
      if (equals < 0) {
        throw new NumberFormatException("calibration line has no value: line=" + line);
      }
      values.put(line.substring(0, equals), Double.valueOf(line.substring(equals + 1)));
    }
    return values;
  }

  /// Whether it could be written. A folder that cannot be written to is no reason to refuse service.
  boolean write(ListingCosts costs) {
    StringBuilder text = new StringBuilder(title()).append('\n');
    costs
        .values()
        .forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
    try {
      Files.createDirectories(directory);
      AtomicFile.replace(
          "calibration file",
          path(),
          channel -> {
            while (bytes.hasRemaining()) {
              channel.write(bytes);
            }
          });
      return true;
    } catch (IOException | UncheckedIOException e) {
      System.getLogger("dev.sluice")
          .log(System.Logger.Level.DEBUG, "calibration is not kept: {0}", e.getMessage());
      return false;
    }
  }

  private String title() {
    return "sluice calibration 1: " + machine;
  }
}
