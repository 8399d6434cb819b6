package dev.qssl.backend.openssl;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import org.jspecify.annotations.Nullable;

/**
 * The functions of libssl that every supported version has, by their own names. Pointers are {@code long}; about C's
 * {@code long} see {@link LibCrypto}.
 */
@SuppressWarnings("MemberName") // the names are OpenSSL's
final class LibSsl {

    private LibSsl() {}

    /** Binds them all. Throws {@link UnsatisfiedLinkError} if one is missing. */
    static void bind(NativeLibrary library) {
        Native.register(LibSsl.class, library);
    }

    /** Tells of alerts, and of every step of a handshake. */
    interface InfoCallback extends Callback {
        void invoke(long ssl, int where, int value);
    }

    /** Judges a chain. */
    interface CertificateCallback extends Callback {
        int invoke(long storeContext, long argument);
    }

    /** Chooses an application protocol. */
    interface AlpnCallback extends Callback {
        int invoke(long ssl, long chosen, long chosenBytes, long offered, int offeredBytes, long argument);
    }

    /** Looks at a server name. */
    interface ServerNameCallback extends Callback {
        int invoke(long ssl, long alert, long argument);
    }

    /** Looks at a ClientHello. */
    interface ClientHelloCallback extends Callback {
        int invoke(long ssl, long alert, long argument);
    }

    /** Is given a new session, or asked for a response to staple, or for a ticket's data. */
    interface SslCallback extends Callback {
        int invoke(long ssl, long value);
    }

    /** Is given a line for the key log. */
    interface KeyLogCallback extends Callback {
        void invoke(long ssl, long line);
    }

    /** Names a client's pre-shared key up to TLS 1.2. */
    interface PskClientCallback extends Callback {
        int invoke(long ssl, long hint, long identity, int identityRoom, long key, int keyRoom);
    }

    /** Finds a server's pre-shared key up to TLS 1.2. */
    interface PskServerCallback extends Callback {
        int invoke(long ssl, long identity, long key, int keyRoom);
    }

    /** Names a client's pre-shared key of TLS 1.3. */
    interface PskUseCallback extends Callback {
        int invoke(long ssl, long digest, long identity, long identityBytes, long session);
    }

    /** Finds a server's pre-shared key of TLS 1.3. */
    interface PskFindCallback extends Callback {
        int invoke(long ssl, long identity, long identityBytes, long session);
    }

    /** Protects or opens a session ticket, in OpenSSL 3. */
    interface TicketKeyCallback extends Callback {
        int invoke(long ssl, long name, long iv, long cipher, long mac, int encrypting);
    }

    static native long TLS_method();

    static native long SSL_CTX_new(long method);

    static native void SSL_CTX_free(long context);

    static native long SSL_CTX_ctrl(long context, int command, long number, long pointer);

    static native long SSL_CTX_ctrl(long context, int command, long number, byte[] text);

    static native long SSL_CTX_callback_ctrl(long context, int command, @Nullable Callback callback);

    static native long SSL_CTX_set_options(long context, long options);

    static native long SSL_CTX_get_ciphers(long context);

    static native int SSL_CTX_get_security_level(long context);

    static native int SSL_CTX_set_cipher_list(long context, byte[] names);

    static native int SSL_CTX_set_ciphersuites(long context, byte[] names);

    static native int SSL_CTX_use_certificate(long context, long certificate);

    static native int SSL_CTX_use_PrivateKey(long context, long key);

    static native int SSL_CTX_add_client_CA(long context, long certificate);

    static native void SSL_CTX_set_verify(long context, int mode, @Nullable Callback callback);

    static native void SSL_CTX_set_cert_verify_callback(long context, CertificateCallback callback, long argument);

    static native void SSL_CTX_set_info_callback(long context, InfoCallback callback);

    static native void SSL_CTX_set_keylog_callback(long context, KeyLogCallback callback);

    static native int SSL_CTX_set_alpn_protos(long context, byte[] names, int bytes);

    static native void SSL_CTX_set_alpn_select_cb(long context, AlpnCallback callback, long argument);

    static native void SSL_CTX_set_client_hello_cb(long context, ClientHelloCallback callback, long argument);

    static native void SSL_CTX_sess_set_new_cb(long context, SslCallback callback);

    static native int SSL_CTX_set_session_id_context(long context, byte[] id, int bytes);

    static native int SSL_CTX_set_num_tickets(long context, long count);

    static native int SSL_CTX_set_session_ticket_cb(
            long context, SslCallback generate, @Nullable Callback open, long argument);

    static native int SSL_CTX_remove_session(long context, long session);

    static native void SSL_CTX_set_psk_client_callback(long context, PskClientCallback callback);

    static native void SSL_CTX_set_psk_server_callback(long context, PskServerCallback callback);

    static native void SSL_CTX_set_psk_use_session_callback(long context, PskUseCallback callback);

    static native void SSL_CTX_set_psk_find_session_callback(long context, PskFindCallback callback);

    static native int SSL_CTX_use_psk_identity_hint(long context, byte[] hint);

    static native long SSL_CONF_CTX_new();

    static native void SSL_CONF_CTX_free(long configuration);

    static native int SSL_CONF_CTX_set_flags(long configuration, int flags);

    static native void SSL_CONF_CTX_set_ssl_ctx(long configuration, long context);

    static native int SSL_CONF_cmd(long configuration, byte[] command, byte[] value);

    static native int SSL_CONF_CTX_finish(long configuration);

    static native long SSL_new(long context);

    static native void SSL_free(long ssl);

    static native void SSL_set_bio(long ssl, long read, long written);

    static native void SSL_set_connect_state(long ssl);

    static native void SSL_set_accept_state(long ssl);

    static native long SSL_ctrl(long ssl, int command, long number, long pointer);

    static native long SSL_ctrl(long ssl, int command, long number, long[] pointer);

    static native long SSL_ctrl(long ssl, int command, long number, byte[] text);

    static native int SSL_set_ciphersuites(long ssl, byte[] names);

    static native int SSL_do_handshake(long ssl);

    static native int SSL_read(long ssl, long data, int room);

    static native int SSL_write(long ssl, long data, int bytes);

    static native int SSL_shutdown(long ssl);

    static native void SSL_set_shutdown(long ssl, int directions);

    static native int SSL_get_error(long ssl, int result);

    static native int SSL_pending(long ssl);

    static native int SSL_version(long ssl);

    static native long SSL_get_current_cipher(long ssl);

    static native long SSL_CIPHER_find(long ssl, byte[] code);

    static native int SSL_CIPHER_get_protocol_id(long cipher);

    static native long SSL_CIPHER_standard_name(long cipher);

    static native long SSL_CIPHER_get_name(long cipher);

    static native int SSL_CIPHER_get_kx_nid(long cipher);

    static native long SSL_get1_supported_ciphers(long ssl);

    static native int SSL_session_reused(long ssl);

    static native long SSL_get_session(long ssl);

    static native long SSL_get1_session(long ssl);

    static native int SSL_set_session(long ssl, long session);

    static native long SSL_get_servername(long ssl, int type);

    static native void SSL_get0_alpn_selected(long ssl, long[] name, int[] bytes);

    static native long SSL_get0_peer_CA_list(long ssl);

    static native long SSL_get_peer_cert_chain(long ssl);

    static native int SSL_get_peer_signature_type_nid(long ssl, int[] nid);

    static native int SSL_get_signature_type_nid(long ssl, int[] nid);

    static native int SSL_get_ex_data_X509_STORE_CTX_idx();

    static native int SSL_client_hello_get0_ext(long ssl, int type, long[] content, long[] bytes);

    static native int SSL_export_keying_material(
            long ssl,
            byte[] out,
            long bytes,
            byte[] label,
            long labelBytes,
            byte[] context,
            long contextBytes,
            int use);

    static native long SSL_SESSION_new();

    static native void SSL_SESSION_free(long session);

    static native int SSL_SESSION_up_ref(long session);

    static native int SSL_SESSION_set1_master_key(long session, byte[] key, long bytes);

    static native int SSL_SESSION_set_cipher(long session, long cipher);

    static native int SSL_SESSION_set_protocol_version(long session, int version);

    static native int SSL_SESSION_get_protocol_version(long session);

    static native long SSL_SESSION_get_ticket_lifetime_hint(long session);

    static native int SSL_SESSION_has_ticket(long session);

    static native int SSL_SESSION_is_resumable(long session);

    static native long SSL_SESSION_get0_peer(long session);

    static native int SSL_SESSION_set1_ticket_appdata(long session, byte[] data, long bytes);

    static native int SSL_SESSION_get0_ticket_appdata(long session, long[] data, long[] bytes);

    static native int i2d_SSL_SESSION(long session, long @Nullable [] der);

    static native long d2i_SSL_SESSION(long reused, long[] der, long bytes);
}
