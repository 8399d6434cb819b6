package dev.qssl.backend.openssl;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Keeps an {@code SSL_CTX} from negotiating what a private key outside of OpenSSL's memory cannot do. */
final class SignerLimits {

    private static final Set<Integer> KEY_TRANSPORT = Set.of(1037, 1042); // NID_kx_rsa, NID_kx_rsa_psk

    private final OpaqueSigner signer;
    private final Refusals refusals;
    private final ContextSettings settings;

    SignerLimits(OpaqueSigner signer, Refusals refusals, ContextSettings settings) {
        this.signer = signer;
        this.refusals = refusals;
        this.settings = settings;
    }

    /** Leaves out the versions that it cannot sign in. */
    void leaveOutVersions(Set<SslProtocol> protocols) throws TlsException {
        String wanted = protocols.stream().map(SslProtocol::displayName).collect(Collectors.joining(", "));
        protocols.removeIf(protocol -> !signer.signs(protocol));
        if (protocols.isEmpty()) {
            throw refusals.unsupported("protocols " + wanted + " with the private key of " + signer.subject()
                    + ": where it is kept it signs by " + signer.schemes() + " only, which none of them allows");
        }
    }

    /** Has this side sign by its schemes only, and leaves alone what the peer may sign by. */
    void chooseSchemes(TlsRole role, long context) throws TlsException {
        List<String> own = settings.signatureSchemes().isEmpty()
                ? signer.schemes()
                : settings.signatureSchemes().stream()
                        .filter(signer.schemes()::contains)
                        .toList();
        if (role == TlsRole.CLIENT) {
            choose(context, Ssl.CTRL_SET_CLIENT_SIGALGS_LIST, own);
            return;
        }
        choose(context, Ssl.CTRL_SET_SIGALGS_LIST, own);
        // Asking clients for a certificate the library would name the server's own, if it had no others to name.
        choose(
                context,
                Ssl.CTRL_SET_CLIENT_SIGALGS_LIST,
                settings.signatureSchemes().isEmpty()
                        ? Arrays.stream(SigningScheme.values())
                                .map(SigningScheme::iana)
                                .toList()
                        : settings.signatureSchemes());
    }

    private void choose(long context, int command, List<String> names) throws TlsException {
        if (LibSsl.SSL_CTX_ctrl(context, command, 0, NativeMemory.text(String.join(":", names))) != 1) {
            throw refusals.unsupported("signatureSchemes " + names + ": OpenSSL does not take them");
        }
    }

    /**
     * Leaves out the suites in which a server decrypts with its key: what is kept elsewhere only signs.
     *
     * @param protocols without those up to TLS 1.2 afterwards, if no suite is left for them
     * @return whether that is so
     */
    boolean leaveOutKeyTransport(long context, Set<SslProtocol> protocols) throws TlsException {
        long suites = LibSsl.SSL_CTX_get_ciphers(context);
        List<String> kept = new ArrayList<>();
        boolean all = true;
        for (int i = 0; i < LibCrypto.OPENSSL_sk_num(suites); i++) {
            long suite = LibCrypto.OPENSSL_sk_value(suites, i);
            String name = NativeMemory.text(LibSsl.SSL_CIPHER_get_name(suite));
            if (KEY_TRANSPORT.contains(LibSsl.SSL_CIPHER_get_kx_nid(suite))) {
                all = false;
            } else if (!name.startsWith("TLS_")) {
                kept.add(name);
            }
        }
        if (all
                || (!kept.isEmpty()
                        && LibSsl.SSL_CTX_set_cipher_list(context, NativeMemory.text(String.join(":", kept))) == 1)) {
            return false;
        }
        LibCrypto.ERR_clear_error();
        protocols.removeIf(protocol -> protocol != SslProtocol.TLS_V1_3);
        if (protocols.isEmpty()) {
            throw refusals.unsupported("cipherSuites that exchange keys by RSA: the private key of " + signer.subject()
                    + " can only sign where it is kept");
        }
        return true;
    }
}
