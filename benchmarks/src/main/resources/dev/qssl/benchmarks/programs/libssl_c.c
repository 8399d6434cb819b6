/*
 * TLS 1.3 by libssl in plain C: what a program without Java gets out of the same library.
 *
 * Blocking sockets, a thread for each connection, SSL_read and SSL_write straight on the socket, one SSL_CTX for all
 * connections, a new SSL for each. The client verifies the server's chain and host name. Two processes play the two sides:
 *
 *   libssl_c serve   full|resumed CHAIN.pem KEY.pem
 *   libssl_c connect full|resumed AUTHORITY.pem HOST PORT
 *
 * "full": servers give no sessions. "resumed": they give session tickets, and each client comes back with the last one it
 * got. Both sides read orders from standard input, one a line, and answer each with one line; the end of the input ends
 * them. What they are asked for is in Program.java, what the server does with a connection's bytes in ServerScript.java.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    MESSAGE_BYTES = 64,
    READ_BYTES = 128 * 1024,
    BLOCK_BYTES = 32 << 20, /* of bulk data, between two looks at the clock */
    SERVERS = 16, /* threads that accept, and so the most connections that are served at once */
    CLIENTS = 64,
    MESSAGES = 1 << 20 /* of which the times are kept */
};

static SSL_CTX *context;
static bool resumed;
static const char *host;
static struct sockaddr_in address;

static void fail(const char *format, ...)
{
    va_list arguments;
    char reason[256] = "";
    unsigned long code = ERR_peek_last_error();
    va_start(arguments, format);
    printf("failed ");
    vprintf(format, arguments);
    va_end(arguments);
    if (code != 0) {
        ERR_error_string_n(code, reason, sizeof reason);
    }
    printf(" %s\n", reason);
    fflush(stdout);
    _exit(1);
}

static uint64_t nanos(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t) time.tv_sec * 1000000000 + (uint64_t) time.tv_nsec;
}

static uint64_t now(void)
{
    return nanos(CLOCK_MONOTONIC);
}

static uint64_t processor_time(void)
{
    return nanos(CLOCK_PROCESS_CPUTIME_ID);
}

static SSL_CTX *new_context(const SSL_METHOD *method)
{
    SSL_CTX *made = SSL_CTX_new(method);
    if (made == NULL || SSL_CTX_set_min_proto_version(made, TLS1_3_VERSION) != 1
        || SSL_CTX_set_ciphersuites(made, "TLS_AES_128_GCM_SHA256") != 1 || SSL_CTX_set1_groups_list(made, "X25519") != 1) {
        fail("no context");
    }
    SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_OFF);
    return made;
}

static int new_socket(void)
{
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0) {
        fail("socket: %s", strerror(errno));
    }
    return made;
}

static void send_at_once(int connected)
{
    int on = 1;
    setsockopt(connected, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void describe(SSL *ssl, bool verified, char *text, size_t size)
{
    int group = (int) SSL_get_negotiated_group(ssl);
    const char *name = SSL_group_to_name(ssl, group);
    snprintf(text, size, "agreement %s %s %s %s %s", SSL_get_version(ssl), SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl)),
        name == NULL ? "?" : name, SSL_session_reused(ssl) ? "resumed" : "full", verified ? "verified" : "unverified");
}

static bool write_all(SSL *ssl, const void *bytes, size_t count)
{
    size_t written;
    return SSL_write_ex(ssl, bytes, count, &written) == 1; /* without partial writes it is all or nothing */
}

static bool read_all(SSL *ssl, void *bytes, size_t count)
{
    size_t got;
    for (size_t done = 0; done < count; done += got) {
        if (SSL_read_ex(ssl, (char *) bytes + done, count - done, &got) != 1) {
            return false;
        }
    }
    return true;
}

/* The server. */

static int listening;
static pthread_mutex_t last_lock = PTHREAD_MUTEX_INITIALIZER;
static char last[256] = "failed nobody connected yet";

/* What is being received: a command, or what belongs to it. */
struct script {
    char command;
    unsigned char head[MESSAGE_BYTES];
    size_t missing; /* of the head */
    uint64_t left; /* of bulk data */
};

static void begin(struct script *script, char command)
{
    script->command = command;
    script->missing = command == 'B' ? sizeof(uint64_t) : MESSAGE_BYTES;
}

/* Takes what came, and puts the answers into REPLIES, which has room for as much. Returns their length, or -1. */
static ssize_t take(struct script *script, const unsigned char *bytes, size_t count, unsigned char *replies)
{
    size_t length = 0;
    while (count > 0) {
        size_t used = 1;
        if (script->left > 0) {
            used = script->left < count ? (size_t) script->left : count;
            script->left -= used;
            if (script->left == 0) {
                replies[length++] = 'b';
            }
        } else if (script->command != 0) {
            size_t whole = script->command == 'B' ? sizeof(uint64_t) : MESSAGE_BYTES;
            used = script->missing < count ? script->missing : count;
            memcpy(script->head + (whole - script->missing), bytes, used);
            script->missing -= used;
            if (script->missing == 0 && script->command == 'B') {
                uint64_t announced;
                memcpy(&announced, script->head, sizeof announced);
                script->left = be64toh(announced);
            } else if (script->missing == 0) {
                memcpy(replies + length, script->head, MESSAGE_BYTES);
                length += MESSAGE_BYTES;
            }
            if (script->missing == 0) {
                script->command = 0;
            }
        } else if (*bytes == 'H') {
            replies[length++] = 'h';
        } else if (*bytes == 'B' || *bytes == 'P') {
            begin(script, (char) *bytes);
        } else {
            return -1;
        }
        bytes += used;
        count -= used;
    }
    return (ssize_t) length;
}

static void converse(SSL *ssl, unsigned char *received, unsigned char *replies)
{
    struct script script = {0};
    size_t count;
    while (SSL_read_ex(ssl, received, READ_BYTES, &count) == 1) {
        ssize_t length = take(&script, received, count, replies);
        if (length < 0 || (length > 0 && !write_all(ssl, replies, (size_t) length))) {
            return;
        }
    }
    if (SSL_get_error(ssl, 0) == SSL_ERROR_ZERO_RETURN) {
        SSL_shutdown(ssl);
    }
}

static void *serve(void *unused)
{
    unsigned char *received = malloc(READ_BYTES);
    unsigned char *replies = malloc(READ_BYTES + MESSAGE_BYTES);
    if (received == NULL || replies == NULL) {
        fail("no memory");
    }
    for (;;) {
        int accepted = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
        if (accepted < 0) {
            continue;
        }
        send_at_once(accepted);
        SSL *ssl = SSL_new(context);
        SSL_set_fd(ssl, accepted);
        if (SSL_accept(ssl) == 1) {
            pthread_mutex_lock(&last_lock);
            describe(ssl, true, last, sizeof last);
            pthread_mutex_unlock(&last_lock);
            converse(ssl, received, replies);
        }
        SSL_free(ssl);
        close(accepted);
        ERR_clear_error();
    }
    return unused;
}

static void start_serving(const char *chain, const char *key)
{
    socklen_t length = sizeof address;
    context = new_context(TLS_server_method());
    if (!resumed) {
        SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(context, 0);
    }
    if (SSL_CTX_use_certificate_chain_file(context, chain) != 1
        || SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) {
        fail("certificate or key");
    }
    listening = new_socket();
    if (bind(listening, (struct sockaddr *) &address, sizeof address) != 0 || listen(listening, 4096) != 0
        || getsockname(listening, (struct sockaddr *) &address, &length) != 0) {
        fail("listen: %s", strerror(errno));
    }
    for (int i = 0; i < SERVERS; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, NULL) != 0) {
            fail("no thread");
        }
    }
}

static void answer_as_server(const char *order)
{
    if (strcmp(order, "port") == 0) {
        printf("port %d\n", ntohs(address.sin_port));
    } else if (strcmp(order, "processor") == 0) {
        printf("processor %" PRIu64 "\n", processor_time());
    } else if (strcmp(order, "check") == 0) {
        pthread_mutex_lock(&last_lock);
        puts(last);
        pthread_mutex_unlock(&last_lock);
    } else {
        fail("unknown order %s", order);
    }
}

/* The client. */

static SSL_SESSION *sessions[CLIENTS]; /* of each client the last one, owned */

/* Connects; with NULL for the session, or one that the caller keeps. Returns NULL if the server's certificate is refused. */
static SSL *try_to_connect(SSL_SESSION *session)
{
    int connected = new_socket();
    send_at_once(connected);
    if (connect(connected, (struct sockaddr *) &address, sizeof address) != 0) {
        fail("connect: %s", strerror(errno));
    }
    SSL *ssl = SSL_new(context);
    if (ssl == NULL || SSL_set1_host(ssl, host) != 1 || SSL_set_tlsext_host_name(ssl, host) != 1
        || SSL_set_fd(ssl, connected) != 1 || (session != NULL && SSL_set_session(ssl, session) != 1)) {
        fail("no connection");
    }
    if (SSL_connect(ssl) == 1) {
        return ssl;
    }
    if (SSL_get_verify_result(ssl) == X509_V_OK) {
        fail("handshake");
    }
    printf("refused %s\n", X509_verify_cert_error_string(SSL_get_verify_result(ssl)));
    SSL_free(ssl);
    close(connected);
    ERR_clear_error();
    return NULL;
}

static void ask(SSL *ssl)
{
    char answer = 0;
    if (!write_all(ssl, "H", 1) || !read_all(ssl, &answer, 1) || answer != 'h') {
        fail("no answer");
    }
}

/* A connection that was used once. */
static SSL *open_connection(SSL_SESSION *session)
{
    SSL *ssl = try_to_connect(session);
    if (ssl == NULL) {
        fail("the server was refused");
    }
    ask(ssl);
    return ssl;
}

static void end_connection(SSL *ssl)
{
    int connected = SSL_get_fd(ssl);
    SSL_shutdown(ssl);
    SSL_free(ssl);
    close(connected);
}

/* Ends a connection, and keeps its session where one is to be resumed. */
static void end_and_keep(SSL *ssl, int client)
{
    if (resumed) {
        SSL_SESSION_free(sessions[client]);
        sessions[client] = SSL_get1_session(ssl);
    }
    end_connection(ssl);
}

struct shaker {
    pthread_t thread;
    int client;
    uint64_t end;
    uint64_t count;
};

static void *shake_hands(void *argument)
{
    struct shaker *shaker = argument;
    do {
        SSL *ssl = open_connection(sessions[shaker->client]);
        if (SSL_session_reused(ssl) != resumed) {
            fail("a handshake of the wrong kind");
        }
        end_and_keep(ssl, shaker->client);
        shaker->count++;
    } while (now() < shaker->end);
    return NULL;
}

static void shake_hands_for(int clients, uint64_t duration)
{
    struct shaker shakers[CLIENTS];
    uint64_t count = 0;
    if (clients < 1 || clients > CLIENTS) {
        fail("clients: 1..%d", CLIENTS);
    }
    for (int i = 0; resumed && i < clients; i++) {
        end_and_keep(open_connection(sessions[i]), i); /* the first of all is a full one */
    }
    uint64_t used = processor_time();
    uint64_t start = now();
    for (int i = 0; i < clients; i++) {
        shakers[i] = (struct shaker) {.client = i, .end = start + duration};
        if (pthread_create(&shakers[i].thread, NULL, shake_hands, &shakers[i]) != 0) {
            fail("no thread");
        }
    }
    for (int i = 0; i < clients; i++) {
        pthread_join(shakers[i].thread, NULL);
        count += shakers[i].count;
    }
    uint64_t time = now() - start;
    printf("handshakes %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", count, time, processor_time() - used);
}

/* Writes blocks of bulk data, each by calls of CHUNK bytes, and waits until the server has decrypted the last byte. */
static void upload_for(size_t chunk, uint64_t duration)
{
    unsigned char *payload = calloc(1, chunk);
    unsigned char head[1 + sizeof(uint64_t)] = {'B'};
    uint64_t announced = htobe64(BLOCK_BYTES);
    uint64_t blocks = 0;
    uint64_t time;
    if (chunk == 0 || payload == NULL) {
        fail("chunk");
    }
    memcpy(head + 1, &announced, sizeof announced);
    SSL *ssl = open_connection(NULL);
    uint64_t used = processor_time();
    uint64_t start = now();
    do {
        char answer = 0;
        bool sent = write_all(ssl, head, sizeof head);
        for (size_t left = BLOCK_BYTES; sent && left > 0;) {
            size_t count = left < chunk ? left : chunk;
            sent = write_all(ssl, payload, count);
            left -= count;
        }
        if (!sent || !read_all(ssl, &answer, 1) || answer != 'b') {
            fail("no answer");
        }
        blocks++;
        time = now() - start;
    } while (time < duration);
    used = processor_time() - used;
    end_connection(ssl);
    free(payload);
    printf("bytes %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", blocks * BLOCK_BYTES, time, used);
}

static int compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *) left;
    uint64_t b = *(const uint64_t *) right;
    return (a > b) - (a < b);
}

static void ping_for(uint64_t duration)
{
    static uint64_t times[MESSAGES];
    char message[1 + MESSAGE_BYTES] = {'P'};
    char echo[MESSAGE_BYTES];
    size_t count = 0;
    SSL *ssl = open_connection(NULL);
    uint64_t used = processor_time();
    uint64_t start = now();
    uint64_t before = start;
    do {
        if (!write_all(ssl, message, sizeof message) || !read_all(ssl, echo, sizeof echo)) {
            fail("no echo");
        }
        uint64_t after = now();
        times[count++] = after - before;
        before = after;
    } while (before - start < duration && count < MESSAGES);
    used = processor_time() - used;
    end_connection(ssl);
    qsort(times, count, sizeof times[0], compare);
    printf("pings %zu %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", count, before - start, used, times[count / 2],
        times[count * 99 / 100]);
}

static void check(void)
{
    char text[256];
    SSL *ssl = try_to_connect(sessions[0]);
    if (ssl == NULL) {
        return;
    }
    ask(ssl);
    describe(ssl, SSL_get_verify_result(ssl) == X509_V_OK && SSL_get0_peer_certificate(ssl) != NULL, text, sizeof text);
    end_and_keep(ssl, 0);
    puts(text);
}

static void start_connecting(const char *authority, const char *name, const char *port)
{
    context = new_context(TLS_client_method());
    if (SSL_CTX_load_verify_file(context, authority) != 1) {
        fail("authority");
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    host = name;
    address.sin_port = htons((uint16_t) atoi(port));
}

static void answer_as_client(const char *order)
{
    int clients;
    size_t chunk;
    uint64_t duration;
    if (strcmp(order, "check") == 0) {
        check();
    } else if (sscanf(order, "handshakes %d %" SCNu64, &clients, &duration) == 2) {
        shake_hands_for(clients, duration);
    } else if (sscanf(order, "upload %zu %" SCNu64, &chunk, &duration) == 2) {
        upload_for(chunk, duration);
    } else if (sscanf(order, "ping %" SCNu64, &duration) == 1) {
        ping_for(duration);
    } else {
        fail("unknown order %s", order);
    }
}

int main(int count, char **arguments)
{
    char order[128];
    bool server = count == 5 && strcmp(arguments[1], "serve") == 0;
    if (!server && (count != 6 || strcmp(arguments[1], "connect") != 0)) {
        fputs("usage: libssl_c serve full|resumed CHAIN KEY, or connect full|resumed AUTHORITY HOST PORT\n", stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    resumed = strcmp(arguments[2], "resumed") == 0;
    address = (struct sockaddr_in) {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (server) {
        start_serving(arguments[3], arguments[4]);
    } else {
        start_connecting(arguments[3], arguments[4], arguments[5]);
    }
    while (fgets(order, sizeof order, stdin) != NULL) {
        order[strcspn(order, "\n")] = 0;
        (server ? answer_as_server : answer_as_client)(order);
        fflush(stdout);
    }
    return 0;
}
