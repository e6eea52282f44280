/// What decides which blocks of a layer run: the forms a gate may take, and the rules by which gates open and learn.
///
/// Uses `memory`, `kernel`, `account`. Start with [dev.sluice.gate.GateSpec]; a new form is one new class and one line in
/// [dev.sluice.gate.GateForms], a new rule in [dev.sluice.gate.GateRules].
@NullMarked
package dev.sluice.gate;

import org.jspecify.annotations.NullMarked;
