package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.function.Executable;

/// That bad data are refused, and how.
final class Complaint {
  private Complaint() {}

  /// Fails unless `call` is refused with a message that begins with the first part and has the
  /// others.
  static void of(Executable call, String begin, Object... parts) {
    String message = assertThrows(DatasetException.class, call, begin).getMessage();
    assertTrue(message.startsWith(begin), message);
    List.of(parts).forEach(part -> assertTrue(message.contains(part.toString()), message));
  }
}
