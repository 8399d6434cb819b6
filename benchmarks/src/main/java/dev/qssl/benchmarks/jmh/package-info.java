/** The benchmarks for JMH. Each runs every bar with the same work, in the same run. */
@NullMarked
package dev.qssl.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
