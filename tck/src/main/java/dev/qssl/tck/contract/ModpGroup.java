package dev.qssl.tck.contract;

import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.QSslDiffieHellmanParameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.crypto.agreement.DHStandardGroups;
import org.bouncycastle.crypto.params.DHParameters;

/** A good group for finite-field Diffie-Hellman that no library would choose by itself (RFC 3526). */
record ModpGroup(DHParameters group) {

    static final ModpGroup BITS_2048 = new ModpGroup(DHStandardGroups.rfc3526_2048);
    static final ModpGroup BITS_3072 = new ModpGroup(DHStandardGroups.rfc3526_3072);

    int bits() {
        return group.getP().bitLength();
    }

    QSslDiffieHellmanParameters parameters() {
        try {
            byte[] der = new DERSequence(
                            new ASN1Encodable[] {new ASN1Integer(group.getP()), new ASN1Integer(group.getG())})
                    .getEncoded();
            return QSslDiffieHellmanParameters.fromEncoded(der, EncodingFormat.DER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
