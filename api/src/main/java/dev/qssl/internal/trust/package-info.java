/** The authorities that a configuration trusts, and those that the system does. */
package dev.qssl.internal.trust;
