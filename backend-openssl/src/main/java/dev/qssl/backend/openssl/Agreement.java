package dev.qssl.backend.openssl;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.EphemeralKey;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.NegotiatedParameters.Alpn;
import dev.qssl.spi.TlsRegistry;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.x509.EncodingException;
import dev.qssl.spi.x509.PublicKeyCodec;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/** Asks the library what two sides agreed on. */
final class Agreement {

    private static final int HOST_NAME = 0;

    /** How the names of finite-field groups begin (RFC 7919). */
    private static final String FINITE_FIELD = "ffdhe";

    // Numbers of OpenSSL's for kinds of key and for hashes.
    private static final int RSA = 6;
    private static final int RSA_PSS = 912;
    private static final int EC = 408;
    private static final int ED25519 = 1087;
    private static final int ED448 = 1088;
    private static final Map<Integer, Integer> HASHES = Map.of(64, 1, 672, 256, 673, 384, 674, 512);

    private final OpenSsl library;
    private final ContextSettings settings;
    private final EngineRequest request;
    private final Dialogue dialogue;
    private final long ssl;

    private Agreement(OpenSsl library, ContextSettings settings, EngineRequest request, Dialogue dialogue, long ssl) {
        this.library = library;
        this.settings = settings;
        this.request = request;
        this.dialogue = dialogue;
        this.ssl = ssl;
    }

    /** {@return all of it} The handshake is done. */
    static NegotiatedParameters of(OpenSslContext context, EngineRequest request, Dialogue dialogue, long ssl) {
        return new Agreement(context.library(), context.settings(), request, dialogue, ssl).read();
    }

    private NegotiatedParameters read() {
        boolean client = request.role() == TlsRole.CLIENT;
        SslProtocol protocol = protocol();
        Optional<String> group = group();
        boolean resumed =
                LibSsl.SSL_session_reused(ssl) == 1 && !dialogue.keys().isUsed();
        return new NegotiatedParameters(
                protocol,
                suite(protocol),
                group,
                signatureScheme(client),
                alpn(client),
                resumed,
                client ? request.serverName() : receivedName(),
                client ? ephemeralKey(group) : Optional.empty(),
                client ? authorities() : List.of());
    }

    private SslProtocol protocol() {
        return SslProtocol.ofWireVersion(LibSsl.SSL_version(ssl));
    }

    private CipherSuite suite(SslProtocol protocol) {
        long cipher = LibSsl.SSL_get_current_cipher(ssl);
        int code = LibSsl.SSL_CIPHER_get_protocol_id(cipher) & 0xFFFF;
        return CipherSuite.ofCode(code).orElseGet(() -> {
            String name = NativeMemory.text(LibSsl.SSL_CIPHER_standard_name(cipher));
            return new CipherSuite(code, name, name, protocol, "", "", "", 0);
        });
    }

    private Optional<String> group() {
        return library.isVersion3()
                ? GroupNames.ofNumber((int) LibSsl.SSL_ctrl(ssl, Ssl.CTRL_GET_NEGOTIATED_GROUP, 0, 0))
                : Optional.empty();
    }

    /** The scheme that the server signed with, put together from a kind of key and a hash. */
    private Optional<String> signatureScheme(boolean client) {
        int[] kind = new int[1];
        long[] hash = new long[1];
        boolean known = client
                ? LibSsl.SSL_get_peer_signature_type_nid(ssl, kind) == 1
                        && LibSsl.SSL_ctrl(ssl, Ssl.CTRL_GET_PEER_SIGNATURE_NID, 0, hash) == 1
                : LibSsl.SSL_get_signature_type_nid(ssl, kind) == 1
                        && LibSsl.SSL_ctrl(ssl, Ssl.CTRL_GET_SIGNATURE_NID, 0, hash) == 1;
        return known ? scheme(kind[0], HASHES.getOrDefault((int) hash[0], 0), client) : Optional.empty();
    }

    private Optional<String> scheme(int kind, int hash, boolean client) {
        String name = switch (kind) {
            case RSA -> "rsa_pkcs1_sha" + hash;
            case RSA_PSS -> (isRestrictedToPss(client) ? "rsa_pss_pss_sha" : "rsa_pss_rsae_sha") + hash;
            case EC ->
                switch (hash) {
                    case 256 -> "ecdsa_secp256r1_sha256";
                    case 384 -> "ecdsa_secp384r1_sha384";
                    case 512 -> "ecdsa_secp521r1_sha512";
                    default -> "ecdsa_sha1";
                };
            case ED25519 -> "ed25519";
            case ED448 -> "ed448";
            default -> "";
        };
        return TlsRegistry.signatureSchemeCode(name).isPresent() ? Optional.of(name) : Optional.empty();
    }

    private boolean isRestrictedToPss(boolean client) {
        Optional<X509Certificate> signer = client
                ? dialogue.chain().stream().findFirst()
                : settings.identity().map(identity -> identity.certificate());
        return signer.filter(
                        certificate -> certificate.getPublicKey().getAlgorithm().equals("RSASSA-PSS"))
                .isPresent();
    }

    private Alpn alpn(boolean client) {
        if (settings.alpn().isEmpty()) {
            return new Alpn.NotNegotiated();
        }
        long[] name = new long[1];
        int[] bytes = new int[1];
        LibSsl.SSL_get0_alpn_selected(ssl, name, bytes);
        if (bytes[0] > 0) {
            return new Alpn.Selected(new String(NativeMemory.read(name[0], bytes[0]), StandardCharsets.ISO_8859_1));
        }
        return !client && dialogue.isWithoutOverlap() ? new Alpn.NoOverlap() : new Alpn.NotNegotiated();
    }

    private Optional<String> receivedName() {
        long name = LibSsl.SSL_get_servername(ssl, HOST_NAME);
        return name == 0
                ? Optional.empty()
                : Optional.of(NativeMemory.text(name).toLowerCase(Locale.ROOT));
    }

    private Optional<EphemeralKey> ephemeralKey(Optional<String> group) {
        long[] found = new long[1];
        if (LibSsl.SSL_ctrl(ssl, Ssl.CTRL_GET_PEER_TMP_KEY, 0, found) != 1 || found[0] == 0) {
            return Optional.empty();
        }
        long key = found[0];
        try {
            return group.filter(name -> !name.startsWith(FINITE_FIELD))
                    .map(name -> EphemeralKey.ofGroup(name, encoded(key)))
                    .or(() -> described(key));
        } finally {
            LibCrypto.EVP_PKEY_free(key);
        }
    }

    /** {@return the key as it came over the wire} To describe it fully would cost the library a tenth of a handshake. */
    private static byte[] encoded(long key) {
        long[] bytes = new long[1];
        int count = (int) LibSsl3.Crypto.EVP_PKEY_get1_encoded_public_key(key, bytes);
        if (count <= 0) {
            return new byte[0];
        }
        byte[] encoded = NativeMemory.read(bytes[0], count);
        LibCrypto.CRYPTO_free(bytes[0], 0, 0);
        return encoded;
    }

    /** {@return the key with the numbers of its group, which has no name or is one of finite fields} */
    private Optional<EphemeralKey> described(long key) {
        try {
            byte[] der = NativeDer.encode(library.calls(), LibCrypto::i2d_PUBKEY, key);
            return Optional.of(EphemeralKey.of(PublicKeyCodec.decode(der)));
        } catch (EncodingException unknownKind) {
            // Only shown to the user; what was agreed on does not depend on it.
            return Optional.empty();
        }
    }

    private List<X500Principal> authorities() {
        return Certificates.names(library.calls(), LibSsl.SSL_get0_peer_CA_list(ssl));
    }
}
