package dev.qssl.backend.openssl;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An {@code SSL_CTX}: what all connections of one role with equal settings share. Set up once; nothing in it changes after the
 * first connection. Thread-safe.
 *
 * <p>Each {@code SSL*} counts a reference, so it may be closed at any time. A forgotten one is freed in time.
 */
final class NativeContext implements AutoCloseable {

    /** How many tickets of TLS 1.3 a server gives out with a handshake; the library's own number. */
    private static final int TICKETS = 2;

    private static final int TICKET_NAME_BYTES = 16;
    private static final int TICKET_KEYS_BYTES = 80;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final OpenSsl library;
    private final ContextSettings settings;
    private final TlsRole role;
    private final Resource resource;
    private final Cleaner.Cleanable cleanable;
    private final Set<SslProtocol> protocols;
    private final TicketKeys ticketKeys;
    private final @Nullable OpaqueSigner signer;
    private final byte[] ticketName = new byte[TICKET_NAME_BYTES];

    private NativeContext(
            OpenSsl library, Refusals refusals, ContextSettings settings, TlsRole role, @Nullable OpaqueSigner signer)
            throws TlsException {
        this.library = library;
        this.signer = signer;
        this.settings = settings;
        this.role = role;
        this.resource = new Resource(LibSsl.SSL_CTX_new(LibSsl.TLS_method()));
        this.cleanable = Forgotten.CLEANER.register(this, resource);
        boolean done = false;
        try {
            this.ticketKeys = role == TlsRole.SERVER ? TicketKeys.of(settings.ticketKeys(), refusals) : TicketKeys.NONE;
            if (resource.context == 0) {
                throw refusals.invalid("OpenSSL makes no context: "
                        + LibraryError.take(library).text());
            }
            this.protocols = new ContextSetup(library, refusals, settings, role, resource.context, signer).apply();
            setUpSessions(refusals);
            setUpCallbacks();
            done = true;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    /**
     * {@return a new context}
     *
     * @param signer the private key of the settings, if OpenSSL cannot be given it
     * @throws TlsException if it cannot be had with these settings
     */
    static NativeContext of(
            OpenSsl library, Refusals refusals, ContextSettings settings, TlsRole role, @Nullable OpaqueSigner signer)
            throws TlsException {
        return new NativeContext(library, refusals, settings, role, signer);
    }

    private boolean isOn(SslOption option) {
        return settings.options().contains(option);
    }

    private void setUpSessions(Refusals refusals) throws TlsException {
        if (role == TlsRole.CLIENT) {
            setCacheMode(keepsSessions() ? Ssl.SESS_CACHE_CLIENT | Ssl.SESS_CACHE_NO_INTERNAL : Ssl.SESS_CACHE_OFF);
            return;
        }
        byte[] id = sessionContext();
        LibSsl.SSL_CTX_set_session_id_context(resource.context, id, id.length);
        if (!givesTickets()) {
            LibSsl.SSL_CTX_set_num_tickets(resource.context, 0);
        }
        if (isOn(SslOption.DISABLE_SESSION_SHARING)) {
            setCacheMode(Ssl.SESS_CACHE_OFF);
            LibSsl.SSL_CTX_set_options(resource.context, Ssl.OP_NO_TICKET);
            return;
        }
        setCacheMode(Ssl.SESS_CACHE_SERVER);
        useTicketKeys(refusals);
    }

    private void setCacheMode(int mode) {
        LibSsl.SSL_CTX_ctrl(resource.context, Ssl.CTRL_SET_SESS_CACHE_MODE, mode, 0);
    }

    /** {@return client: whether sessions are of any use} */
    private boolean keepsSessions() {
        return !isOn(SslOption.DISABLE_SESSION_SHARING) || !isOn(SslOption.DISABLE_SESSION_PERSISTENCE);
    }

    /** {@return server: whether TLS 1.3 tickets are given by the library itself, in the flight that ends the handshake} */
    private boolean givesTickets() {
        return !isOn(SslOption.DISABLE_SESSION_TICKETS)
                && !isOn(SslOption.DISABLE_SESSION_SHARING)
                && !holdsTicketsBack();
    }

    /**
     * {@return server: whether tickets of TLS 1.3 are given only when the owner has accepted the client} They would be on their
     * way already.
     */
    boolean holdsTicketsBack() {
        return role == TlsRole.SERVER
                && library.isVersion3()
                && settings.verifyMode(TlsRole.SERVER) != PeerVerifyMode.VERIFY_NONE
                && !isOn(SslOption.DISABLE_SESSION_TICKETS)
                && !isOn(SslOption.DISABLE_SESSION_SHARING);
    }

    /** Sessions of one configuration must not be resumed in another, unless the two share their keys on purpose. */
    private byte[] sessionContext() {
        byte[] id = new byte[32];
        if (settings.ticketKeys().isEmpty()) {
            RANDOM.nextBytes(id);
            return id;
        }
        String rules = "qssl " + settings.verifyMode(TlsRole.SERVER) + settings.isMissingCertificateFatal();
        try {
            return MessageDigest.getInstance("SHA-256").digest(rules.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }

    private void useTicketKeys(Refusals refusals) throws TlsException {
        if (!ticketKeys.isEmpty() && !library.isVersion3()) {
            throw refusals.unsupported("ticketKeys: OpenSSL before 3.0 takes one, which could never be replaced");
        }
        if (ticketKeys.size() > 1) {
            LibSsl3.SSL_CTX_set_tlsext_ticket_key_evp_cb(resource.context, Upcalls.TICKET_KEY);
        } else if (!ticketKeys.isEmpty()) {
            byte[] key = ticketKeys.asSingle();
            LibSsl.SSL_CTX_ctrl(resource.context, Ssl.CTRL_SET_TICKET_KEYS, key.length, key);
            Arrays.fill(key, (byte) 0);
        }
        byte[] own = new byte[TICKET_KEYS_BYTES];
        LibSsl.SSL_CTX_ctrl(resource.context, Ssl.CTRL_GET_TICKET_KEYS, own.length, own);
        System.arraycopy(own, 0, ticketName, 0, TICKET_NAME_BYTES);
        Arrays.fill(own, (byte) 0);
    }

    private void setUpCallbacks() {
        long context = resource.context;
        LibSsl.SSL_CTX_set_info_callback(context, Upcalls.INFO);
        if (settings.isKeyLogEnabled()) {
            LibSsl.SSL_CTX_set_keylog_callback(context, Upcalls.KEY_LOG);
        }
        if (role == TlsRole.CLIENT) {
            setUpClientCallbacks(context);
        } else {
            setUpServerCallbacks(context);
        }
    }

    private void setUpClientCallbacks(long context) {
        LibSsl.SSL_CTX_set_cert_verify_callback(context, Upcalls.CERTIFICATE, 0);
        if (keepsSessions()) {
            LibSsl.SSL_CTX_sess_set_new_cb(context, Upcalls.NEW_SESSION);
        }
        if (!settings.pskProtocols().isEmpty()) {
            LibSsl.SSL_CTX_set_psk_use_session_callback(context, Upcalls.PSK_USE);
            LibSsl.SSL_CTX_set_psk_client_callback(context, Upcalls.PSK_CLIENT);
        }
    }

    private void setUpServerCallbacks(long context) {
        LibSsl.SSL_CTX_callback_ctrl(context, Ssl.CTRL_SET_SERVERNAME_CB, Upcalls.SERVER_NAME);
        LibSsl.SSL_CTX_callback_ctrl(context, Ssl.CTRL_SET_STATUS_CB, Upcalls.STATUS);
        if (settings.verifyMode(TlsRole.SERVER) != PeerVerifyMode.VERIFY_NONE) {
            LibSsl.SSL_CTX_set_cert_verify_callback(context, Upcalls.CERTIFICATE, 0);
            LibSsl.SSL_CTX_set_session_ticket_cb(context, Upcalls.TICKET_DATA, null, 0);
        }
        if (!settings.alpn().isEmpty()) {
            LibSsl.SSL_CTX_set_alpn_select_cb(context, Upcalls.ALPN, 0);
        }
        if (settings.pskProtocols().contains(SslProtocol.TLS_V1_3)) {
            LibSsl.SSL_CTX_set_client_hello_cb(context, Upcalls.CLIENT_HELLO, 0);
            LibSsl.SSL_CTX_set_psk_find_session_callback(context, Upcalls.PSK_FIND);
        }
        if (settings.pskProtocols().stream().anyMatch(protocol -> protocol != SslProtocol.TLS_V1_3)) {
            LibSsl.SSL_CTX_set_psk_server_callback(context, Upcalls.PSK_SERVER);
        }
    }

    /** {@return the library} */
    OpenSsl library() {
        return library;
    }

    /** {@return the versions that can be negotiated} */
    Set<SslProtocol> protocols() {
        return protocols;
    }

    /** {@return why the private key did not sign inside of this thread's last call, once; or null} */
    @Nullable SigningFailure takeSigningFailure() {
        return signer == null ? null : signer.takeFailure();
    }

    /** {@return the keys that tickets are protected with} */
    TicketKeys ticketKeys() {
        return ticketKeys;
    }

    /** {@return whether this is a ticket that this context gave out} */
    boolean isOwnTicket(byte[] identity) {
        return ticketKeys.isOurs(identity) || TicketKeys.startsWith(identity, ticketName);
    }

    /**
     * {@return those of the suites of TLS 1.3 that may be negotiated and have this hash, as the library takes them}
     *
     * @param sha384 SHA-384 rather than SHA-256
     */
    String suitesOfTls13(boolean sha384) {
        List<String> names = new ArrayList<>();
        settings.cipherSuites().stream()
                .filter(suite -> suite.protocol() == SslProtocol.TLS_V1_3)
                .map(CipherSuite::ianaName)
                .forEach(names::add);
        if (names.isEmpty()) {
            names.addAll(List.of("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"));
        }
        names.removeIf(name -> name.endsWith("SHA384") != sha384);
        return String.join(":", names);
    }

    /**
     * {@return a new {@code SSL*}, owned by the caller; 0 if the library makes none}
     *
     * @throws IllegalStateException if this is closed
     */
    long newSsl() {
        return resource.newSsl();
    }

    /** Has a server give its tickets of TLS 1.3, at the next step. */
    void giveTickets(long ssl) {
        for (int i = 0; i < TICKETS; i++) {
            LibSsl3.SSL_new_session_ticket(ssl);
        }
    }

    /** Has a server forget a session that it keeps itself. */
    void forget(long session) {
        resource.forget(session);
    }

    @Override
    public void close() {
        cleanable.clean();
    }

    /** What is native; must not lead to the context. */
    private static final class Resource implements Runnable {

        private final ReentrantLock lock = new ReentrantLock();
        private final long context;
        private boolean freed;

        Resource(long context) {
            this.context = context;
        }

        long newSsl() {
            lock.lock();
            try {
                if (freed) {
                    throw new IllegalStateException("the context is closed: it makes no more connections");
                }
                return LibSsl.SSL_new(context);
            } finally {
                lock.unlock();
            }
        }

        void forget(long session) {
            lock.lock();
            try {
                if (!freed && session != 0) {
                    LibSsl.SSL_CTX_remove_session(context, session);
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void run() {
            lock.lock();
            try {
                if (!freed) {
                    freed = true;
                    LibSsl.SSL_CTX_free(context);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
