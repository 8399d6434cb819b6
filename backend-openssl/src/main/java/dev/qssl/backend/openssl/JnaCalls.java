package dev.qssl.backend.openssl;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/** The calls through JNA: everywhere. */
final class JnaCalls implements RecordCalls {

    @Override
    public String name() {
        return "JNA";
    }

    @Override
    public long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    @Override
    public int handshake(long ssl) {
        return LibSsl.SSL_do_handshake(ssl);
    }

    @Override
    public int read(long ssl, long plaintext, int room) {
        return LibSsl.SSL_read(ssl, plaintext, room);
    }

    @Override
    public int write(long ssl, long plaintext, int bytes) {
        return LibSsl.SSL_write(ssl, plaintext, bytes);
    }

    @Override
    public int shutdown(long ssl) {
        return LibSsl.SSL_shutdown(ssl);
    }

    @Override
    public int error(long ssl, int result) {
        return LibSsl.SSL_get_error(ssl, result);
    }

    @Override
    public int take(long bio, long target, int room) {
        return LibCrypto.BIO_read(bio, target, room);
    }

    @Override
    public int waiting(long bio) {
        return (int) LibCrypto.BIO_ctrl_pending(bio);
    }

    @Override
    public boolean popError() {
        return LibCrypto.ERR_get_error() != 0;
    }
}
