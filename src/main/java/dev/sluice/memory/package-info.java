/// Bytes and lifetimes: aligned off-heap memory, the panel layout of weights, matrices of activations.
///
/// Uses nothing of Sluice. Start with [dev.sluice.memory.PanelLayout].
@NullMarked
package dev.sluice.memory;

import org.jspecify.annotations.NullMarked;
