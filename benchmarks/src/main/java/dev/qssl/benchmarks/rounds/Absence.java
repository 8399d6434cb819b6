package dev.qssl.benchmarks.rounds;

/**
 * A bar that is not measured in a cell.
 *
 * @param bar its name
 * @param reason why not
 */
record Absence(String bar, String reason) {}
