/// How results look: tables, figures with units, JSON. Reads finished records and computes nothing.
///
/// Uses the JDK, Jackson and XChart, and the records of experiments; nothing else of Sluice. Start with [dev.sluice.report.TextTable].
@NullMarked
package dev.sluice.report;

import org.jspecify.annotations.NullMarked;
