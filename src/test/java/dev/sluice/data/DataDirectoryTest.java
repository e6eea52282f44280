package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataDirectoryTest {
  private static final Path HOME = Path.of("home", "ann").toAbsolutePath();

  private static Path locate(String os, Map<String, String> environment) {
    return DataDirectory.locate(environment::get, os, HOME);
  }

  @Test
  void theVariableWinsEverywhere() {
    String chosen = Path.of("sets").toAbsolutePath().toString();
    for (String os : new String[] {"Linux", "Mac OS X", "Windows 11"}) {
      assertEquals(
          Path.of(chosen), locate(os, Map.of("SLUICE_DATA", chosen, "XDG_CACHE_HOME", "/x")));
    }
    assertEquals(HOME.resolve(".cache/sluice"), locate("Linux", Map.of("SLUICE_DATA", " ")));
  }

  @Test
  void eachSystemHasItsOwnCache() {
    assertEquals(HOME.resolve(".cache/sluice"), locate("Linux", Map.of()));
    assertEquals(HOME.resolve(".cache/sluice"), locate("FreeBSD", Map.of()));
    assertEquals(HOME.resolve("Library/Caches/sluice"), locate("Mac OS X", Map.of()));
    assertEquals(HOME.resolve("AppData/Local/sluice/cache"), locate("Windows 11", Map.of()));
    String local = HOME.resolve("local").toString();
    assertEquals(
        Path.of(local, "sluice", "cache"), locate("Windows 11", Map.of("LOCALAPPDATA", local)));
  }

  @Test
  void aRelativeXdgDirectoryIsIgnoredAsItsSpecificationSays() {
    String cache = HOME.resolve("cache").toString();
    assertEquals(Path.of(cache, "sluice"), locate("Linux", Map.of("XDG_CACHE_HOME", cache)));
    assertEquals(HOME.resolve(".cache/sluice"), locate("Linux", Map.of("XDG_CACHE_HOME", "cache")));
  }
}
