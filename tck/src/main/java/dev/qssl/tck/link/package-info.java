/** The two ends of a connection under test: set up, driven, watched, and judged. */
package dev.qssl.tck.link;
