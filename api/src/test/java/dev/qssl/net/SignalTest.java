package dev.qssl.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.qssl.net.Signal.Nothing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Signals and slots. */
class SignalTest {

    private final Signal.Emitter emitter = new Signal.Emitter();
    private final Signal<String> signal = emitter.signal();
    private final List<String> calls = new ArrayList<>();

    private void slot(String argument) {
        calls.add(argument);
    }

    @Test
    void slots_areCalledInTheOrderTheyWereConnected_onThisThread() {
        signal.connect(argument -> calls.add("first " + argument));
        signal.connect(() -> calls.add("second on " + Thread.currentThread().getName()));
        signal.connect(this::slot);
        emitter.emit(signal, "x");

        assertThat(calls)
                .containsExactly(
                        "first x", "second on " + Thread.currentThread().getName(), "x");
    }

    @Test
    void signalWithoutSlots_isEmittedToNobody() {
        assertThat(emitter.hasSlots(signal)).isFalse();
        emitter.emit(signal, "x");
    }

    @Test
    void signalWithoutArgument_carriesNothing() {
        Signal<Nothing> bare = emitter.signal();
        List<Nothing> got = new ArrayList<>();
        bare.connect((Consumer<Nothing>) got::add);
        emitter.emit(bare);

        assertThat(got).containsExactly(Nothing.NOTHING);
    }

    @Test
    void disconnectedSlot_isNotCalledAnyMore() {
        Signal.Connection first = signal.connect(argument -> calls.add("first"));
        try (Signal.Connection second = signal.connect(argument -> calls.add("second"))) {
            emitter.emit(signal, "x");
            first.disconnect();
            first.disconnect();
            emitter.emit(signal, "x");
            assertThat(second).isNotNull();
        }
        emitter.emit(signal, "x");

        assertThat(calls).containsExactly("first", "second", "second");
        assertThat(emitter.hasSlots(signal)).isFalse();
    }

    @Test
    void sameSlotConnectedTwice_isCalledTwice_andDisconnectedOneByOne() {
        Consumer<String> same = this::slot;
        Signal.Connection first = signal.connect(same);
        signal.connect(same);
        emitter.emit(signal, "x");
        first.disconnect();
        emitter.emit(signal, "y");

        assertThat(calls).containsExactly("x", "x", "y");
    }

    @Test
    void disconnectingAll_leavesNone() {
        Signal.Connection one = signal.connect(this::slot);
        signal.connect(this::slot);
        signal.disconnect();
        one.disconnect();
        emitter.emit(signal, "x");

        assertThat(calls).isEmpty();
        signal.connect(this::slot);
        emitter.emit(signal, "again");
        assertThat(calls).containsExactly("again");
    }

    @Test
    void slotConnectedDuringAnEmission_isCalledFromTheNextOneOn() {
        signal.connect(argument -> {
            calls.add("outer " + argument);
            if (calls.size() == 1) {
                signal.connect(inner -> calls.add("inner " + inner));
            }
        });
        emitter.emit(signal, "1");
        emitter.emit(signal, "2");

        assertThat(calls).containsExactly("outer 1", "outer 2", "inner 2");
    }

    @Test
    void slotDisconnectedDuringAnEmission_isNotCalledInIt() {
        List<Signal.Connection> later = new ArrayList<>();
        signal.connect(() -> {
            calls.add("first");
            later.forEach(Signal.Connection::disconnect);
        });
        later.add(signal.connect(() -> calls.add("second")));
        signal.connect(() -> calls.add("third"));
        emitter.emit(signal, "x");

        assertThat(calls).containsExactly("first", "third");
    }

    @Test
    void slotThatDisconnectsItself_isCalledOnce() {
        List<Signal.Connection> own = new ArrayList<>();
        own.add(signal.connect(argument -> {
            calls.add(argument);
            own.get(0).disconnect();
        }));
        emitter.emit(signal, "1");
        emitter.emit(signal, "2");

        assertThat(calls).containsExactly("1");
    }

    @Test
    void emissionInsideAnEmission_isNested() {
        signal.connect(argument -> {
            calls.add("begin " + argument);
            if (argument.equals("outer")) {
                emitter.emit(signal, "inner");
            }
            calls.add("end " + argument);
        });
        emitter.emit(signal, "outer");

        assertThat(calls).containsExactly("begin outer", "begin inner", "end inner", "end outer");
    }

    @Test
    void slotThatThrows_isReportedAndBreaksNothing() {
        Thread self = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = self.getUncaughtExceptionHandler();
        List<Throwable> uncaught = new ArrayList<>();
        self.setUncaughtExceptionHandler((thread, problem) -> uncaught.add(problem));
        try {
            RuntimeException exception = new IllegalStateException("a bug of the application");
            Error error = new AssertionError("another");
            signal.connect(() -> {
                throw exception;
            });
            signal.connect(() -> {
                throw error;
            });
            signal.connect(this::slot);
            emitter.emit(signal, "x");

            assertThat(uncaught).containsExactly(exception, error);
            assertThat(calls).containsExactly("x");
        } finally {
            self.setUncaughtExceptionHandler(before);
        }
    }

    @Test
    void handlerThatThrowsItself_breaksNothingEither() {
        Thread self = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = self.getUncaughtExceptionHandler();
        self.setUncaughtExceptionHandler((thread, problem) -> {
            throw new IllegalStateException("the handler is broken, too");
        });
        try {
            signal.connect(() -> {
                throw new IllegalStateException("a bug of the application");
            });
            signal.connect(this::slot);
            emitter.emit(signal, "x");

            assertThat(calls).containsExactly("x");
        } finally {
            self.setUncaughtExceptionHandler(before);
        }
    }

    @Test
    void onlyTheOwner_canEmit() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Signal.Emitter().emit(signal, "x"));
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without NullAway may do
    void nullSlots_areRefusedWhenConnected() {
        assertThatNullPointerException().isThrownBy(() -> signal.connect((Runnable) null));
        assertThatNullPointerException().isThrownBy(() -> signal.connect((Consumer<String>) null));
    }

    @Test
    void idleSignal_holdsNoMemoryOfItsOwn() throws ReflectiveOperationException {
        var slots = Signal.class.getDeclaredField("slots");
        slots.setAccessible(true);

        Object shared = slots.get(signal);
        assertThat(slots.get(emitter.signal())).isSameAs(shared);
        signal.connect(this::slot).disconnect();
        assertThat(slots.get(signal)).as("after the last slot is gone").isSameAs(shared);
    }

    @Test
    void manyThreads_connectAndDisconnectWhileItIsEmitted() throws Exception {
        AtomicInteger steady = new AtomicInteger();
        AtomicLong disconnectedThenCalled = new AtomicLong();
        signal.connect(() -> steady.incrementAndGet());
        CompletableFuture<?>[] threads = new CompletableFuture<?>[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = CompletableFuture.runAsync(
                    () -> {
                        for (int round = 0; round < 5_000; round++) {
                            AtomicInteger own = new AtomicInteger();
                            Signal.Connection connection = signal.connect(() -> own.incrementAndGet());
                            emitter.emit(signal, "x");
                            connection.disconnect();
                            if (own.get() < 1) {
                                disconnectedThenCalled.incrementAndGet();
                            }
                        }
                    },
                    task -> new Thread(task).start());
        }
        CompletableFuture.allOf(threads).get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS);

        assertThat(steady).as("no emission misses the slot that stays").hasValue(20_000);
        assertThat(disconnectedThenCalled)
                .as("every thread reaches its own slot")
                .hasValue(0);
        signal.disconnect();
        assertThat(emitter.hasSlots(signal)).isFalse();
    }
}
