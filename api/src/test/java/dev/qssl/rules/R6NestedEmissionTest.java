package dev.qssl.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.net.Driving;
import dev.qssl.net.EventLoop;
import dev.qssl.net.PlainPair;
import dev.qssl.net.SocketState;
import dev.qssl.toy.ToyPair;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R6: on the owner's thread signals are emitted at once, nested; only readyRead and bytesWritten guard against recursion. */
class R6NestedEmissionTest {

    private final EventLoop loop = EventLoop.start("client");

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private PlainPair pair(Driving driving) {
        return driving == Driving.CALLER ? PlainPair.callerDriven() : PlainPair.on(loop);
    }

    private static void pumpUntil(PlainPair pair, CountDownLatch done) {
        while (pair.socket.eventLoop().isEmpty() && done.getCount() > 0) {
            pair.socket.waitForReadyRead(PlainPair.IMPATIENCE);
        }
        R2LockTest.awaitUninterruptibly(done);
    }

    @ParameterizedTest
    @EnumSource
    void abortInASlot_emitsTheEndBeforeItReturns(Driving driving) {
        try (PlainPair pair = pair(driving)) {
            Queue<String> order = new ConcurrentLinkedQueue<>();
            CountDownLatch done = new CountDownLatch(1);
            pair.socket.disconnected.connect(() -> order.add("disconnected"));
            pair.socket.readyRead.connect(() -> {
                order.add("begin");
                pair.socket.abort();
                order.add("end");
                done.countDown();
            });
            pair.send("x");
            pumpUntil(pair, done);

            assertThat(order).containsExactly("begin", "disconnected", "end");
        }
    }

    @ParameterizedTest
    @EnumSource
    void writingAndFlushingInASlot_emitsBytesWrittenInIt(Driving driving) {
        try (PlainPair pair = pair(driving)) {
            Queue<String> order = new ConcurrentLinkedQueue<>();
            CountDownLatch done = new CountDownLatch(1);
            pair.socket.bytesWritten.connect(count -> order.add("written " + count));
            pair.socket.readyRead.connect(() -> {
                pair.socket.readAll();
                order.add("begin");
                pair.socket.write(PlainPair.bytes("answer"));
                pair.socket.flush();
                order.add("end");
                done.countDown();
            });
            pair.send("x");
            pumpUntil(pair, done);

            assertThat(order).containsExactly("begin", "written 6", "end");
        }
    }

    @ParameterizedTest
    @EnumSource
    void disconnectingInASlot_emitsClosingInIt(Driving driving) {
        try (PlainPair pair = pair(driving)) {
            Queue<String> order = new ConcurrentLinkedQueue<>();
            CountDownLatch done = new CountDownLatch(1);
            pair.socket.stateChanged.connect(state -> order.add(state.name()));
            pair.socket.readyRead.connect(() -> {
                order.add("begin");
                pair.socket.disconnectFromHost();
                order.add("end in " + pair.socket.state());
                done.countDown();
            });
            pair.send("x");
            pumpUntil(pair, done);

            assertThat(order).startsWith("begin", "CLOSING_STATE", "end in " + SocketState.CLOSING_STATE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesWritten_isNotEmittedInsideItsOwnSlots_butAfterThem(Driving driving) {
        try (PlainPair pair = pair(driving)) {
            Queue<String> order = new ConcurrentLinkedQueue<>();
            CountDownLatch done = new CountDownLatch(3);
            pair.socket.bytesWritten.connect(count -> {
                order.add("begin " + count);
                if (done.getCount() > 1) {
                    pair.socket.write(new byte[(int) done.getCount()]);
                    pair.socket.flush();
                }
                order.add("end " + count);
                done.countDown();
            });
            pair.socket.write(new byte[10]);
            pair.socket.flush();
            pumpUntil(pair, done);

            assertThat(order).containsExactly("begin 10", "end 10", "begin 3", "end 3", "begin 2", "end 2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void startingTlsInASlot_changesTheModeInIt(Driving driving) {
        try (ToyPair pair = driving == Driving.CALLER ? ToyPair.callerDriven() : ToyPair.on(loop)) {
            Queue<String> order = new ConcurrentLinkedQueue<>();
            CountDownLatch done = new CountDownLatch(1);
            pair.client.ignoreSslErrors();
            pair.client.modeChanged.connect(mode -> order.add(mode.name()));
            pair.client.encrypted.connect(done::countDown);
            pair.client.readyRead.connect(() -> {
                pair.client.readAll();
                order.add("begin");
                pair.client.startClientEncryption();
                order.add("end");
            });
            // In clear the server's echo is the request to start TLS.
            pair.client.write(PlainPair.bytes("STARTTLS"));
            pair.server.bytesWritten.connect(() -> pair.server.startServerEncryption());
            if (driving == Driving.CALLER) {
                while (done.getCount() > 0) {
                    pair.client.waitForReadyRead(PlainPair.IMPATIENCE);
                }
            }
            R2LockTest.awaitUninterruptibly(done);

            assertThat(order).containsExactly("begin", "SSL_CLIENT_MODE", "end");
        }
    }
}
