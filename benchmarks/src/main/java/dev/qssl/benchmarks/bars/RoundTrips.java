package dev.qssl.benchmarks.bars;

/**
 * Messages and the times until their echoes were there.
 *
 * @param tally how many, and what they took
 * @param p50Micros the time that half of them took at most, in microseconds
 * @param p99Micros the time that 99 % of them took at most, in microseconds
 */
public record RoundTrips(Tally tally, double p50Micros, double p99Micros) {}
