/** The {@code qssl} command: everything it does goes through the public API, as a user's program would. */
@NullMarked
package dev.qssl.cli;

import org.jspecify.annotations.NullMarked;
