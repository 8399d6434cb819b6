/** The paired runner: every bar in every round, so that what disturbs the machine disturbs all of them alike. */
@NullMarked
package dev.qssl.benchmarks.rounds;

import org.jspecify.annotations.NullMarked;
