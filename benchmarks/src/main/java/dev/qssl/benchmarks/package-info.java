/** Benchmarks of QSSL beside the stacks that it is measured against. */
@NullMarked
package dev.qssl.benchmarks;

import org.jspecify.annotations.NullMarked;
