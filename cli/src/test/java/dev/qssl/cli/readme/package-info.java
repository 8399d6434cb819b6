/** The examples of README.md and the guides, which quote them between their marks, and the test that runs them. */
@NullMarked
package dev.qssl.cli.readme;

import org.jspecify.annotations.NullMarked;
