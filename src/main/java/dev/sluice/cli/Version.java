package dev.sluice.cli;

import dev.sluice.train.Provenance;
import picocli.CommandLine.IVersionProvider;

/// The version of this build, from the module's descriptor or the jar's manifest.
final class Version implements IVersionProvider {
  static String sluice() {
    return Provenance.sluiceVersion();
  }

  static String java() {
    return Runtime.version() + " (" + System.getProperty("java.vm.name", "unknown") + ")";
  }

  @Override
  public String[] getVersion() {
    return new String[] {"sluice " + sluice(), "java " + java()};
  }
}
