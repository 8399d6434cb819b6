/** The authorities that a configuration trusts. */
package dev.qssl.internal.trust;
