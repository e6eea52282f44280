package dev.sluice.data;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where downloaded sets live: `SLUICE_DATA`, else a directory in the user's cache.
public final class DataDirectory {
  public static final String VARIABLE = "SLUICE_DATA";

  private DataDirectory() {}

  /// The directory for this process; it need not exist.
  public static Path standard() {
    return locate(
        System::getenv,
        System.getProperty("os.name", ""),
        Path.of(System.getProperty("user.home", ".")));
  }

  /// Linux: `$XDG_CACHE_HOME/sluice` or `~/.cache/sluice`; macOS: `~/Library/Caches/sluice`;
  /// Windows: `%LOCALAPPDATA%\sluice\cache`.
  static Path locate(NullableLookup environment, String osName, Path home) {
    Path chosen = absolute(environment.get(VARIABLE));
    if (chosen != null) {
      return chosen;
    }
    String os = osName.toLowerCase(Locale.ROOT);
    if (os.contains("win") && !os.contains("darwin")) {
      Path local = absolute(environment.get("LOCALAPPDATA"));
      Path parent = local == null ? home.resolve("AppData").resolve("Local") : local;
      return parent.resolve("sluice").resolve("cache");
    }
    if (os.contains("mac") || os.contains("darwin")) {
      return home.resolve("Library").resolve("Caches").resolve("sluice");
    }
    // The XDG specification says that a relative path is to be ignored.
    String xdg = environment.get("XDG_CACHE_HOME");
    Path cache = xdg != null && Path.of(xdg).isAbsolute() ? Path.of(xdg) : home.resolve(".cache");
    return cache.resolve("sluice");
  }

  private static @Nullable Path absolute(@Nullable String value) {
    return value == null || value.isBlank() ? null : Path.of(value).toAbsolutePath();
  }

  /// Looks up an environment variable, which may be unset.
  @FunctionalInterface
  interface NullableLookup {
    @Nullable String get(String name);
  }
}
