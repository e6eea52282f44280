/// Numbers: multiply-accumulates as formulas and as counted per request. Knows no layer.
///
/// Uses nothing of Sluice. Start with [dev.sluice.account.MacFormulas]; `docs/ACCOUNTING.md` says what counts as a MAC.
@NullMarked
package dev.sluice.account;

import org.jspecify.annotations.NullMarked;
