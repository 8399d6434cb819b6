package dev.qssl.backend.conscrypt;

import dev.qssl.tck.Certifies;
import dev.qssl.tck.TckSuite;

/** The whole contract, for Conscrypt. */
@Certifies("conscrypt")
class ConscryptTckTest extends TckSuite {}
