/** The TLS stacks that are compared, each doing the same work. */
@NullMarked
package dev.qssl.benchmarks.bars;

import org.jspecify.annotations.NullMarked;
