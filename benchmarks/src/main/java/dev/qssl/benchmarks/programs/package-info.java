/** Peers that are not Java: small programs, compiled when they are needed, which run in processes of their own. */
@NullMarked
package dev.qssl.benchmarks.programs;

import org.jspecify.annotations.NullMarked;
