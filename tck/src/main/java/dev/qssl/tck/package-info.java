/**
 * The contract that every backend must pass. To certify one, write a test class that extends {@link dev.qssl.tck.TckSuite}
 * and is annotated with {@link dev.qssl.tck.Certifies}.
 */
package dev.qssl.tck;
