/// Bytes ↔ named tensors: models and checkpoints as safetensors files, blueprints as JSON.
///
/// Files are hostile until proven: every length, offset, shape and checksum is checked before a byte is used, and what is
/// wrong comes as a [dev.sluice.format.FormatException] that names the file. Uses `memory`, `kernel`, `gate`, `model`. Start
/// with [dev.sluice.format.ModelFile]; `docs/FORMAT.md` draws the bytes.
@NullMarked
package dev.sluice.format;

import org.jspecify.annotations.NullMarked;
