import org.jspecify.annotations.NullMarked;

/**
 * The contract that every QSSL backend must pass, with its fixtures.
 *
 * <p>Open, because JUnit reaches test classes by reflection.
 */
@NullMarked
open module dev.qssl.tck {
    requires transitive dev.qssl;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires transitive org.junit.jupiter.params;
    requires static transitive org.jspecify;
    requires java.management;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;

    uses dev.qssl.spi.TlsBackend;

    exports dev.qssl.tck;
    exports dev.qssl.tck.contract;
    exports dev.qssl.tck.fixture;
    exports dev.qssl.tck.link;
    exports dev.qssl.tck.peer;
}
