package dev.qssl;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/** A certificate that is nothing but a name, for tests that never verify it. Equal by name. */
final class StubCertificate extends X509Certificate {

    private static final long serialVersionUID = 1L;
    private static final Instant LONG_AGO = Instant.parse("2001-01-01T00:00:00Z");
    private static final Instant FAR_AWAY = Instant.parse("2999-01-01T00:00:00Z");

    private final String name;

    private StubCertificate(String name) {
        this.name = name;
    }

    static X509Certificate named(String name) {
        return new StubCertificate(name);
    }

    static QSslCertificate wrapped(String name) {
        return QSslCertificate.of(named(name));
    }

    @Override
    public byte[] getEncoded() {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public X500Principal getSubjectX500Principal() {
        return new X500Principal("CN=" + name);
    }

    @Override
    public X500Principal getIssuerX500Principal() {
        return getSubjectX500Principal();
    }

    @Override
    public Date getNotBefore() {
        return Date.from(LONG_AGO);
    }

    @Override
    public Date getNotAfter() {
        return Date.from(FAR_AWAY);
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void checkValidity() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void checkValidity(Date date) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int getVersion() {
        return 3;
    }

    @Override
    public BigInteger getSerialNumber() {
        return BigInteger.ONE;
    }

    @Override
    @Deprecated
    public Principal getIssuerDN() {
        throw new UnsupportedOperationException();
    }

    @Override
    @Deprecated
    public Principal getSubjectDN() {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] getTBSCertificate() {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] getSignature() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String getSigAlgName() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String getSigAlgOID() {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] getSigAlgParams() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean[] getIssuerUniqueID() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean[] getSubjectUniqueID() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean[] getKeyUsage() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int getBasicConstraints() {
        return -1;
    }

    @Override
    public void verify(PublicKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void verify(PublicKey key, String provider) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PublicKey getPublicKey() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean hasUnsupportedCriticalExtension() {
        return false;
    }

    @Override
    public Set<String> getCriticalExtensionOIDs() {
        return Set.of();
    }

    @Override
    public Set<String> getNonCriticalExtensionOIDs() {
        return Set.of();
    }

    @Override
    public byte[] getExtensionValue(String oid) {
        return new byte[0];
    }
}
