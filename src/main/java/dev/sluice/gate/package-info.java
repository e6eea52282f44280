/// What decides which blocks of a layer run: the forms a gate may take, and its decision rule.
///
/// Uses `memory`, `kernel`, `account`. Start with [dev.sluice.gate.GateSpec]; a new form is one new class and one line in
/// [dev.sluice.gate.GateForms].
@NullMarked
package dev.sluice.gate;

import org.jspecify.annotations.NullMarked;
