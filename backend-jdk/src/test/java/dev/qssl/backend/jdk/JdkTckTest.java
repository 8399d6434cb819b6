package dev.qssl.backend.jdk;

import dev.qssl.tck.Certifies;
import dev.qssl.tck.TckSuite;

/** The whole contract, for the JDK's own TLS. */
@Certifies("jdk")
class JdkTckTest extends TckSuite {}
