/** What connections hold while they idle, and whether they leave anything behind. */
@NullMarked
package dev.qssl.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
