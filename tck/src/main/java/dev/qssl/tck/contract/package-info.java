/** The contracts: one class for one area of behaviour, one method for one {@link dev.qssl.tck.Rule}. */
package dev.qssl.tck.contract;
