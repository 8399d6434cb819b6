package dev.qssl.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Threads that wait for what another brings about. */
class WaitersTest {

    private final Waiters waiters = new Waiters();

    @Test
    void whatIsSoAlready_needsNoWait() throws InterruptedException {
        assertThat(waiters.await(() -> true, System.nanoTime() - 1)).isTrue();
    }

    @Test
    void whatDoesNotCome_isGivenUpAtTheDeadline() throws InterruptedException {
        assertThat(waiters.await(() -> false, Driver.deadlineIn(1))).isFalse();
    }

    @Test
    void everyWaiter_looksAgainWhenWoken() throws Exception {
        AtomicBoolean so = new AtomicBoolean();
        AtomicInteger looks = new AtomicInteger();
        CompletableFuture<?>[] threads = new CompletableFuture<?>[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = CompletableFuture.runAsync(
                    () -> {
                        try {
                            waiters.await(
                                    () -> {
                                        looks.incrementAndGet();
                                        return so.get();
                                    },
                                    Driver.FOREVER);
                        } catch (InterruptedException e) {
                            throw new CompletionException(e);
                        }
                    },
                    task -> new Thread(task).start());
        }
        while (looks.get() < threads.length) {
            Thread.onSpinWait();
        }
        so.set(true);
        waiters.wake();

        CompletableFuture.allOf(threads).get(60, TimeUnit.SECONDS);
    }

    @Test
    void interrupt_endsTheWait() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> waiters.await(() -> false, Driver.FOREVER)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }
}
