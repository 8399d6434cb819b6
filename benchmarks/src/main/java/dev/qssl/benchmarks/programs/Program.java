package dev.qssl.benchmarks.programs;

import dev.qssl.benchmarks.bars.Work;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A peer in another language. Its source is beside this class; it is compiled once per process of the benchmarks, when it is
 * first needed, and only if this machine has a compiler and the library's development files.
 *
 * <p>One process serves and another one connects. They take orders, one a line, and give one line as the answer to each;
 * {@code N} are whole numbers, times are nanoseconds:
 * <pre>
 * port                  port N                   server: where it listens
 * processor             processor N              server: its processor time so far
 * check                 agreement PROTOCOL SUITE GROUP|? full|resumed verified|unverified
 *                                                server: what the last connection agreed on; client: what a new one does
 *                       refused REASON           client: it does not accept the server's certificate
 * handshakes N N        handshakes N N N         client: how many at once, for how long; count, time, processor time
 * upload N N            bytes N N N              client: bytes in a write, for how long; count, time, processor time
 * ping N                pings N N N N N          client: for how long; count, time, processor time, p50, p99
 *                       failed REASON            anything: the process ends
 * </pre>
 */
public enum Program {
    /** libssl in plain C, with blocking sockets and one write per record. */
    LIBSSL_C("libssl-c", "libssl_c.c") {
        @Override
        Toolchain toolchain() {
            return new Toolchain(
                    "CC",
                    "cc",
                    List.of("-std=c11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-pthread"),
                    "openssl",
                    List.of("-lssl", "-lcrypto"),
                    "a C compiler and OpenSSL's development files (Debian: gcc, libssl-dev)");
        }
    },

    /** Qt's own QSslSocket, driven by event loops. Its servers keep no sessions that clients could resume. */
    QT("qt", "qt.cpp") {
        @Override
        Toolchain toolchain() {
            return new Toolchain(
                    "CXX",
                    "c++",
                    List.of("-std=c++17", "-O2", "-fPIC", "-Wall", "-Wextra", "-pthread"),
                    "Qt6Network",
                    List.of(),
                    "a C++ compiler, pkg-config and Qt 6's development files (Debian: g++, pkg-config, qt6-base-dev)");
        }

        @Override
        Optional<String> inability(Work work) {
            return work == Work.RESUMED_HANDSHAKES ? Optional.of("Qt's servers resume no session") : Optional.empty();
        }
    };

    private final String bar;
    private final String source;

    Program(String bar, String source) {
        this.bar = bar;
        this.source = source;
    }

    /** {@return the program with this name in reports} */
    public static Optional<Program> of(String bar) {
        return Stream.of(values()).filter(program -> program.bar.equals(bar)).findFirst();
    }

    /** {@return its name in reports} */
    public String bar() {
        return bar;
    }

    /** {@return why it cannot do this work on this machine; empty if it can} Compiles it, if nobody has yet. */
    public Optional<String> obstacle(Work work) {
        return inability(work).or(() -> build().obstacle());
    }

    abstract Toolchain toolchain();

    /** {@return why it can do this work nowhere; empty if it can} */
    Optional<String> inability(Work work) {
        return Optional.empty();
    }

    String source() {
        return source;
    }

    /** {@return what came of compiling it, the first time and ever after} */
    Build build() {
        return Build.of(this);
    }
}
