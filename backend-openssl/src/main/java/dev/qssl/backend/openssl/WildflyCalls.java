package dev.qssl.backend.openssl;

import java.nio.ByteBuffer;
import org.wildfly.openssl.SSLImpl;

/**
 * The calls through the JNI of wildfly-openssl: the fastest.
 *
 * <p>Only its plain passages to libssl are used, which take any {@code SSL*}; whatever keeps state of its own (contexts,
 * callbacks, {@code newSSL}, {@code isInInit}) expects what it made itself and would crash (seen in 2.2.5).
 */
final class WildflyCalls extends SSLImpl implements RecordCalls {

    private WildflyCalls() {}

    /**
     * {@return the calls, on these very libraries}
     *
     * @throws LinkageError if libwfssl cannot be had here
     * @throws RuntimeException if it does not take the libraries
     */
    static WildflyCalls open(LibraryFiles files) {
        // A native library serves the class loader of the class that loads it: it must be the one of SSLImpl.
        if (SSLImpl.class.getClassLoader() != WildflyCalls.class.getClassLoader()) {
            throw new UnsatisfiedLinkError("wildfly-openssl has another class loader than this backend");
        }
        WildflyLibrary library = WildflyLibrary.extract();
        try {
            System.load(library.file().toString());
        } finally {
            library.discard();
        }
        WildflyCalls calls = new WildflyCalls();
        calls.initialize(files.crypto().toString(), files.ssl().toString());
        return calls;
    }

    @Override
    public String name() {
        return "wildfly-openssl";
    }

    @Override
    public long address(ByteBuffer direct) {
        return bufferAddress(direct);
    }

    @Override
    public int handshake(long ssl) {
        return doHandshake(ssl);
    }

    @Override
    public int read(long ssl, long plaintext, int room) {
        return readFromSSL(ssl, plaintext, room);
    }

    @Override
    public int write(long ssl, long plaintext, int bytes) {
        return writeToSSL(ssl, plaintext, bytes);
    }

    @Override
    public int shutdown(long ssl) {
        return shutdownSSL(ssl);
    }

    @Override
    public int error(long ssl, int result) {
        return getSSLError(ssl, result);
    }

    @Override
    public int take(long bio, long target, int room) {
        return readFromBIO(bio, target, room);
    }

    @Override
    public int waiting(long bio) {
        return pendingWrittenBytesInBIO(bio);
    }

    @Override
    public boolean popError() {
        return getLastErrorNumber() != 0;
    }
}
