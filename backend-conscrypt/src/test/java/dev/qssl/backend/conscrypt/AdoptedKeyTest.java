package dev.qssl.backend.conscrypt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsContext;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.MemoryPair;
import dev.qssl.tck.fixture.TestAuthority;
import java.lang.reflect.Proxy;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Private keys of other providers become Conscrypt's with the context, not with each connection. */
class AdoptedKeyTest {

    private static final EngineBench BENCH = new EngineBench(new ConscryptBackend());

    /** {@return the same key, which counts how often it is read} */
    private static PrivateKey watched(PrivateKey key, AtomicInteger readings) {
        Class<?> type = key instanceof ECPrivateKey ? ECPrivateKey.class : RSAPrivateCrtKey.class;
        return (PrivateKey) Proxy.newProxyInstance(
                AdoptedKeyTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getEncoded")) {
                        readings.incrementAndGet();
                    }
                    return method.invoke(key, arguments);
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void keyInTheClear_isReadOnceForAllConnections(SslProtocol protocol) throws Exception {
        TestAuthority authority = TestAuthority.shared();
        for (Identity identity : List.of(authority.server("localhost"), authority.rsaServer("localhost"))) {
            AtomicInteger readings = new AtomicInteger();
            Identity watched = new Identity(identity.chain(), watched(identity.key(), readings));
            TlsContext servers = BENCH.context(EngineBench.settings(protocol).identity(watched));
            TlsContext clients = BENCH.context(EngineBench.settings(protocol));
            int before = readings.get();
            for (int i = 0; i < 2; i++) {
                try (MemoryPair pair = MemoryPair.of(clients, servers)) {
                    assertThat(pair.run().isEstablished()).isTrue();
                }
            }

            assertThat(readings).hasValue(before);
        }
    }
}
