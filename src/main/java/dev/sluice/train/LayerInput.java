package dev.sluice.train;

import dev.sluice.memory.Matrix;
import org.jspecify.annotations.Nullable;

/// What a layer of a batch reads.
///
/// @param dx its gradient, null if nobody asks for it
/// @param clears whether the layer is the first, on the way back, to add to `dx`
/// @param prepare makes `x`, null if it is there already
/// @param split takes the complete `dx` apart, null if there is nothing to take apart
record LayerInput(
    Matrix x, @Nullable Matrix dx, boolean clears, @Nullable Work prepare, @Nullable Work split) {}
