/// What recordings of Java Flight Recorder show of Sluice. The only package that names `jdk.jfr`, and everybody comes in through
/// [dev.sluice.account.jfr.FlightEvents], which works without that module.
///
/// Uses nothing of Sluice. `docs/MONITORING.md` says how to see the events.
@NullMarked
package dev.sluice.account.jfr;

import org.jspecify.annotations.NullMarked;
