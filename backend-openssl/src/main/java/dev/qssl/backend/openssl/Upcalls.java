package dev.qssl.backend.openssl;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The functions that the library calls back. One of each kind serves all connections and lives as long as the process, because
 * a callback that was collected fails every handshake; which connection is meant, the {@code SSL*} tells.
 *
 * <p>Nothing is ever thrown into the library: what goes wrong is kept by the {@link Dialogue}, and the answer is a refusal.
 */
final class Upcalls {

    static final LibSsl.InfoCallback INFO = (ssl, where, value) -> {
        if ((where & Ssl.CB_ALERT) != 0) {
            tell(ssl, dialogue -> dialogue.alert((where & Ssl.CB_READ) != 0, value >> 8, value & 0xFF));
        }
    };

    static final LibSsl.CertificateCallback CERTIFICATE =
            (store, argument) -> ask(sslOf(store), 0, dialogue -> dialogue.certificatesCame(store));

    static final LibSsl.AlpnCallback ALPN = (ssl, chosen, chosenBytes, offered, offeredBytes, argument) -> ask(
            ssl,
            Ssl.TLSEXT_ALERT_FATAL,
            dialogue -> dialogue.chooseProtocol(chosen, chosenBytes, offered, offeredBytes));

    /** Only with an answer is the name kept in the session. */
    static final LibSsl.ServerNameCallback SERVER_NAME = (ssl, alert, argument) -> Ssl.TLSEXT_OK;

    static final LibSsl.SslCallback STATUS = (ssl, argument) -> ask(ssl, Ssl.TLSEXT_ALERT_FATAL, Dialogue::staple);

    static final LibSsl.SslCallback NEW_SESSION =
            (ssl, session) -> ask(ssl, 0, dialogue -> dialogue.newSession(session));

    static final LibSsl.SslCallback TICKET_DATA = (ssl, argument) -> ask(ssl, 0, Dialogue::describeTicket);

    static final LibSsl.KeyLogCallback KEY_LOG = (ssl, line) -> tell(ssl, dialogue -> dialogue.keyLog(line));

    static final LibSsl.ClientHelloCallback CLIENT_HELLO =
            (ssl, alert, argument) -> ask(ssl, 0, dialogue -> dialogue.keys().clientSaidHello());

    static final LibSsl.PskClientCallback PSK_CLIENT = (ssl, hint, identity, identityRoom, key, keyRoom) ->
            ask(ssl, 0, dialogue -> dialogue.keys().forServer(hint, identity, identityRoom, key, keyRoom));

    static final LibSsl.PskServerCallback PSK_SERVER = (ssl, identity, key, keyRoom) ->
            ask(ssl, 0, dialogue -> dialogue.keys().forClient(identity, key, keyRoom));

    static final LibSsl.PskUseCallback PSK_USE = (ssl, digest, identity, identityBytes, session) ->
            ask(ssl, 0, dialogue -> dialogue.keys().use(digest, identity, identityBytes, session));

    static final LibSsl.PskFindCallback PSK_FIND = (ssl, identity, identityBytes, session) ->
            ask(ssl, 0, dialogue -> dialogue.keys().find(identity, identityBytes, session));

    static final LibSsl.TicketKeyCallback TICKET_KEY = (ssl, name, iv, cipher, mac, encrypting) ->
            ask(ssl, -1, dialogue -> dialogue.ticketKeys().use(name, iv, cipher, mac, encrypting));

    private static final Map<Long, WeakReference<Dialogue>> DIALOGUES = new ConcurrentHashMap<>();

    private Upcalls() {}

    /** Where the {@code SSL*} is noted in the store of certificates that are being verified. */
    private static final class StoreIndex {
        static final int OF_SSL = LibSsl.SSL_get_ex_data_X509_STORE_CTX_idx();
    }

    private interface Question {
        int answer(Dialogue dialogue);
    }

    private interface Message {
        void pass(Dialogue dialogue);
    }

    static void register(long ssl, Dialogue dialogue) {
        DIALOGUES.put(ssl, new WeakReference<>(dialogue));
    }

    /** The number may be another connection's as soon as it is freed. */
    static void forget(long ssl) {
        DIALOGUES.remove(ssl);
    }

    private static long sslOf(long store) {
        return LibCrypto.X509_STORE_CTX_get_ex_data(store, StoreIndex.OF_SSL);
    }

    private static int ask(long ssl, int refusal, Question question) {
        Dialogue dialogue = dialogue(ssl);
        if (dialogue == null) {
            return refusal;
        }
        try {
            return question.answer(dialogue);
        } catch (Throwable thrown) {
            dialogue.failedInside(thrown);
            return refusal;
        }
    }

    private static void tell(long ssl, Message message) {
        Dialogue dialogue = dialogue(ssl);
        if (dialogue == null) {
            return;
        }
        try {
            message.pass(dialogue);
        } catch (Throwable thrown) {
            dialogue.failedInside(thrown);
        }
    }

    private static @Nullable Dialogue dialogue(long ssl) {
        WeakReference<Dialogue> found = DIALOGUES.get(ssl);
        return found == null ? null : found.get();
    }
}
