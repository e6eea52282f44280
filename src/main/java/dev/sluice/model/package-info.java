/// A network: its blueprint (`ModelSpec`), its parameters in memory (`Weights`), and both bound together (`Model`).
///
/// Uses `memory`, `kernel`, `account`, `gate`. Start with [dev.sluice.model.ModelSpec].
@NullMarked
package dev.sluice.model;

import org.jspecify.annotations.NullMarked;
