/** The examples of README.md, which quotes them between their marks, and the test that runs them. */
@NullMarked
package dev.qssl.cli.readme;

import org.jspecify.annotations.NullMarked;
