package dev.qssl.tck.link;

import java.io.ByteArrayOutputStream;

/** Reads whatever comes at one end, and keeps it. Filled by the socket's driver, asked by the test. */
public final class Received {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Received() {}

    /** {@return what this end receives from now on, and has not read yet} */
    public static Received by(End end) {
        Received made = new Received();
        end.run(() -> {
            made.add(end.socket().readAll());
            end.socket().readyRead.connect(() -> made.add(end.socket().readAll()));
        });
        return made;
    }

    private synchronized void add(byte[] more) {
        bytes.writeBytes(more);
    }

    /** {@return how many bytes came} */
    public synchronized int size() {
        return bytes.size();
    }

    /** {@return the bytes, in order} */
    public synchronized byte[] bytes() {
        return bytes.toByteArray();
    }
}
