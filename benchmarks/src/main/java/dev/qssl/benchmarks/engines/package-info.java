/** Engines without a network: ours and the bare one that it is built on, with the same work. */
@NullMarked
package dev.qssl.benchmarks.engines;

import org.jspecify.annotations.NullMarked;
