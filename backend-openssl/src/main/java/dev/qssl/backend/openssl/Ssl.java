package dev.qssl.backend.openssl;

/** Numbers of OpenSSL's headers, by their meaning. They are the same in 1.1.1 and in all of 3. */
final class Ssl {

    static final int ERROR_SSL = 1;
    static final int ERROR_WANT_READ = 2;
    static final int ERROR_WANT_WRITE = 3;
    static final int ERROR_SYSCALL = 5;
    static final int ERROR_ZERO_RETURN = 6;
    static final int ERROR_WANT_RETRY_VERIFY = 12;

    static final int CTRL_SET_TMP_DH = 3;
    static final int CTRL_MODE = 33;
    static final int CTRL_SET_SESS_CACHE_MODE = 44;
    static final int CTRL_SET_SERVERNAME_CB = 53;
    static final int CTRL_SET_HOSTNAME = 55;
    static final int CTRL_GET_TICKET_KEYS = 58;
    static final int CTRL_SET_TICKET_KEYS = 59;
    static final int CTRL_SET_STATUS_CB = 63;
    static final int CTRL_SET_STATUS_TYPE = 65;
    static final int CTRL_GET_STATUS_RESPONSE = 70;
    static final int CTRL_SET_STATUS_RESPONSE = 71;
    static final int CTRL_CHAIN_CERT = 89;
    static final int CTRL_SET_GROUPS_LIST = 92;
    static final int CTRL_SET_SIGALGS_LIST = 98;
    static final int CTRL_SET_CLIENT_SIGALGS_LIST = 102;
    static final int CTRL_GET_PEER_SIGNATURE_NID = 108;
    static final int CTRL_GET_PEER_TMP_KEY = 109;
    static final int CTRL_SET_DH_AUTO = 118;
    static final int CTRL_SET_MIN_PROTO_VERSION = 123;
    static final int CTRL_SET_MAX_PROTO_VERSION = 124;
    static final int CTRL_GET_SIGNATURE_NID = 132;

    /** Since 3.0. */
    static final int CTRL_GET_NEGOTIATED_GROUP = 134;

    /** Since 3.0. */
    static final int CTRL_SET_RETRY_VERIFY = 136;

    static final int BIO_C_GET_BUF_MEM_PTR = 115;
    static final int BIO_C_SET_BUF_MEM_EOF_RETURN = 130;

    static final int MODE_ENABLE_PARTIAL_WRITE = 1;
    static final int MODE_ACCEPT_MOVING_WRITE_BUFFER = 2;
    static final int MODE_RELEASE_BUFFERS = 0x10;

    static final int SESS_CACHE_OFF = 0;
    static final int SESS_CACHE_CLIENT = 1;
    static final int SESS_CACHE_SERVER = 2;
    static final int SESS_CACHE_NO_INTERNAL = 0x300;

    static final long OP_NO_TICKET = 1L << 14;
    static final long OP_NO_COMPRESSION = 1L << 17;
    static final long OP_DONT_INSERT_EMPTY_FRAGMENTS = 1L << 11;
    static final long OP_CIPHER_SERVER_PREFERENCE = 1L << 22;
    static final long OP_NO_TLS_1_0 = 1L << 26;
    static final long OP_NO_TLS_1_2 = 1L << 27;
    static final long OP_NO_TLS_1_1 = 1L << 28;
    static final long OP_NO_TLS_1_3 = 1L << 29;
    static final long OP_NO_RENEGOTIATION = 1L << 30;

    static final int VERIFY_NONE = 0;
    static final int VERIFY_PEER = 1;
    static final int VERIFY_FAIL_IF_NO_PEER_CERT = 2;

    static final int CONF_FLAG_FILE = 0x2;
    static final int CONF_FLAG_CLIENT = 0x4;
    static final int CONF_FLAG_SERVER = 0x8;
    static final int CONF_FLAG_CERTIFICATE = 0x20;

    static final int CB_READ = 0x4;
    static final int CB_ALERT = 0x4000;

    static final int TLSEXT_OK = 0;
    static final int TLSEXT_ALERT_FATAL = 2;
    static final int TLSEXT_NOACK = 3;
    static final int EXTENSION_PRE_SHARED_KEY = 41;

    private Ssl() {}
}
