/// Files and generators to rows: what a network is trained on, evaluated on and asked about.
///
/// Uses the JDK, FastCSV for text tables, Jackson for schemas and preparations, commons-compress for
/// archives and commons-math3 for spectra and the choice of genes; nothing else of Sluice. Start with [dev.sluice.data.Dataset] and
/// [dev.sluice.data.DataSource]; `docs/DATA.md` describes sets, layouts and options.
@NullMarked
package dev.sluice.data;

import org.jspecify.annotations.NullMarked;
