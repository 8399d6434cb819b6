package dev.qssl.backend.openssl;

import dev.qssl.spi.*;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
    @Test
    void print() {
        long t = System.nanoTime();
        Capabilities c = MemoryPair.BACKEND.capabilities();
        System.out.println((System.nanoTime() - t) / 1000000 + " ms");
        for (Capability x : Capability.values()) {
            System.out.println(x + " " + c.protocols(x, TlsRole.CLIENT) + " " + c.protocols(x, TlsRole.SERVER) + " " + c.limitation(x));
        }
        System.out.println(c.cipherSuites().stream().map(s -> s.openSslName()).toList());
        System.out.println(c.groups() + "\n" + c.signatureSchemes() + "\n" + c.features() + c.classes());
    }
}
