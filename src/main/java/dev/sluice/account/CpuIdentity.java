package dev.sluice.account;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which processor this is, as `/proc/cpuinfo` of Linux says.
///
/// @param vendor `AuthenticAMD`, `GenuineIntel`, …; of ARM the implementer's code, for instance `0x41`
/// @param family of ARM the architecture's version, 8
/// @param model of ARM the part's number
record CpuIdentity(String vendor, int family, int model) {
  /// The kinds of cores there are, each once, in the file's order; a core that does not say what it is, is left out.
  static List<CpuIdentity> parse(String cpuInfo) {
    Set<CpuIdentity> found = new LinkedHashSet<>();
    for (String core : cpuInfo.split("\\n\\s*\\n")) {
      CpuIdentity identity = ofCore(fields(core));
      if (identity != null) {
        found.add(identity);
      }
    }
    return List.copyOf(found);
  }

  private static @Nullable CpuIdentity ofCore(Map<String, String> fields) {
    boolean isArm = fields.containsKey("CPU implementer");
    String vendor = fields.get(isArm ? "CPU implementer" : "vendor_id");
    String family = fields.get(isArm ? "CPU architecture" : "cpu family");
    String model = fields.get(isArm ? "CPU part" : "model");
    if (vendor == null || family == null || model == null) {
      return null;
    }
    try {
      return new CpuIdentity(vendor, Integer.decode(family), Integer.decode(model));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Map<String, String> fields(String core) {
    Map<String, String> fields = new HashMap<>();
    for (String line : core.split("\\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    return fields;
  }
}
