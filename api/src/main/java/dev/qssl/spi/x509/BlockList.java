package dev.qssl.spi.x509;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/**
 * Certificates that are known to be forged, stolen or issued by a broken authority: the 36 that Qt refuses (B-099).
 *
 * <p>One is recognised by its serial number together with a common name of its subject or its issuer.
 */
public final class BlockList {

    private static final Map<BigInteger, String> NAMES = new HashMap<>();

    static {
        // Comodo's resellers, 2011
        block("047ecbe9fca55f7bd09eae36e10cae1e", "mail.google.com");
        block("f5c86af36162f13a64f54f6dc9587c06", "www.google.com");
        block("d7558fdaf5f1105bb213282b707729a3", "login.yahoo.com");
        block("392a434f0e07df1f8aa305de34e0c229", "login.yahoo.com");
        block("3e75ced46b693021218830ae86a82a71", "login.yahoo.com");
        block("e9028b9578e415dc1a710a2b88154447", "login.skype.com");
        block("9239d5348f40d1695a745470e1f23f43", "addons.mozilla.org");
        block("b0b7133ed096f9b56fae91c874bd3ac0", "login.live.com");
        block("d8f35f4eb7872b2dab0692e315382fb0", "global trustee");
        block("72032105c50c08573d8ea5304efee8b0", "UTN-USERFirst-Hardware");
        // DigiNotar, 2011
        block("05e2e6a4cd09ea54d665b075fe22a256", "*.google.com");
        block("0c76da9c910c4e2c9efe15d058933c4c", "DigiNotar Root CA");
        block("f14a13f4872b56dc39df84ca7aa10649", "DigiNotar Services CA");
        block("3616715543421b9de6cba36441df2438", "DigiNotar Services 1024 CA");
        block("0a82bd1e144e8814d75b1a5527bebf3e", "DigiNotar Root CA G2");
        block("a4b6cee32ed33546263cb3553aa89221", "CertiID Enterprise Certificate Authority");
        block("5bd5609c641768cf210e35fdfb05ad41", "DigiNotar Qualified CA");
        block("469c2cb0", "DigiNotar Services 1024 CA");
        block("0727100d", "DigiNotar Cyber CA");
        block("07270ff9", "DigiNotar Cyber CA");
        block("07271003", "DigiNotar Cyber CA");
        block("013169b0", "DigiNotar PKIoverheid CA Overheid en Bedrijven");
        block("013134bf", "DigiNotar PKIoverheid CA Organisatie - G2");
        block("d6d02977f149fd1a83f2b9ea948c5cb4", "DigiNotar Extended Validation CA");
        block("1e7d7a533d45304196400f71481f4504", "DigiNotar Public CA 2025");
        block("469c2caf", "DigiNotar Root CA");
        block("469c3cc9", "DigiNotar Root CA");
        // Digicert Sdn. Bhd., 2011: weak keys
        block("072714a9", "Digisign Server ID (Enrich)");
        block("4c0e636a", "Digisign Server ID - (Enrich)");
        // The MD5 collision of 2008
        block("41", "MD5 Collisions Inc. (http://www.phreedom.org/md5)");
        // TurkTrust, 2012
        block("0827", "*.EGO.GOV.TR");
        block("0864", "e-islem.kktcmerkezbankasi.org");
        // ANSSI, 2013
        block("031da7", "AC DG Tr\u00e9sor SSL");
        // NIC of India, 2014
        block("2783", "NIC Certifying Authority");
        block("2792", "NIC CA 2011");
        block("27b1", "NIC CA 2014");
    }

    private BlockList() {}

    /**
     * {@return whether the certificate is on the list}
     *
     * @param certificate any certificate
     */
    public static boolean contains(X509Certificate certificate) {
        String name = NAMES.get(certificate.getSerialNumber());
        return name != null
                && (isNamed(certificate.getSubjectX500Principal(), name)
                        || isNamed(certificate.getIssuerX500Principal(), name));
    }

    private static boolean isNamed(X500Principal principal, String name) {
        return DistinguishedName.of(principal).values("CN").contains(name);
    }

    private static void block(String serial, String commonName) {
        NAMES.put(new BigInteger(serial, 16), commonName);
    }
}
