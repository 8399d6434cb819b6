package dev.qssl.backend.openssl;

import dev.qssl.tck.Certifies;
import dev.qssl.tck.TckSuite;

/** The whole contract, for OpenSSL. */
@Certifies("openssl")
class OpenSslTckTest extends TckSuite {}
