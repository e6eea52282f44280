/// Executes only the part of a neural network that an input needs, and trains the gates that decide.
///
/// Start at `dev.sluice.model` for the blueprint and its weights, `dev.sluice.runtime` to predict
/// and `dev.sluice.train` to train.
module dev.sluice {
  // Without `static`, so that an application on the module path gets SIMD without a flag.
  requires jdk.incubator.vector;
  requires java.net.http;
  // For recordings; without it nothing is recorded and all else works.
  requires static jdk.jfr;
  requires static transitive org.jspecify;

  // For the command line and the readers of foreign formats; the embedded core needs none of them.
  requires static commons.math3;
  requires static de.siegmar.fastcsv;
  requires static info.picocli;
  requires static java.desktop;
  requires static me.tongfei.progressbar;
  requires static org.apache.commons.compress;
  requires static tools.jackson.core;
  requires static tools.jackson.databind;
  requires static xchart;

  exports dev.sluice.account;
  exports dev.sluice.audit;
  exports dev.sluice.data;
  exports dev.sluice.format;
  exports dev.sluice.gate;
  exports dev.sluice.kernel;
  exports dev.sluice.kernel.meter;
  exports dev.sluice.memory;
  exports dev.sluice.model;
  exports dev.sluice.runtime;
  exports dev.sluice.train;

  opens dev.sluice.cli to
      info.picocli;
}
