package dev.sluice.cli;

import java.lang.module.ModuleDescriptor;
import picocli.CommandLine.IVersionProvider;

/// The version of this build, from the module's descriptor or the jar's manifest.
final class Version implements IVersionProvider {
  static String sluice() {
    ModuleDescriptor descriptor = Version.class.getModule().getDescriptor();
    if (descriptor != null && descriptor.rawVersion().isPresent()) {
      return descriptor.rawVersion().get();
    }
    String implementation = Version.class.getPackage().getImplementationVersion();
    return implementation == null ? "development" : implementation;
  }

  static String java() {
    return Runtime.version() + " (" + System.getProperty("java.vm.name", "unknown") + ")";
  }

  @Override
  public String[] getVersion() {
    return new String[] {"sluice " + sluice(), "java " + java()};
  }
}
