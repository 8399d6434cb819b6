package dev.qssl.net;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;

/** Sockets of a test, driven by its own thread or by a loop that ends with it. */
abstract class DrivenSocketTest {

    private final EventLoop loop = EventLoop.start("socket-test");

    @AfterEach
    final void closeLoop() {
        loop.close();
    }

    final EventLoop loop() {
        return loop;
    }

    final QTcpSocket socket(Driving driving) {
        return driving == Driving.CALLER ? new QTcpSocket() : QTcpSocket.on(loop);
    }

    final PlainPair pair(Driving driving) {
        return PlainPair.of(socket(driving));
    }

    /** What a socket tells, in order. */
    static Queue<String> transcript(QTcpSocket socket) {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        socket.stateChanged.connect(state -> told.add(state.name()));
        socket.hostFound.connect(() -> told.add("hostFound"));
        socket.connected.connect(() -> told.add("connected"));
        socket.disconnected.connect(() -> told.add("disconnected"));
        socket.readChannelFinished.connect(() -> told.add("readChannelFinished"));
        socket.errorOccurred.connect(error -> told.add(error.name()));
        socket.aboutToClose.connect(() -> told.add("aboutToClose"));
        return told;
    }
}
