package dev.qssl.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tasks for later. Times here are past or far away, so that no clock decides. */
class TimerQueueTest {

    private static final Duration FAR_AWAY = Duration.ofDays(1000);

    private final TimerQueue timers = new TimerQueue();
    private final List<String> run = new ArrayList<>();

    private TimerQueue.Entry add(Duration delay, String name) {
        TimerQueue.Entry entry = timers.entry(delay, () -> run.add(name));
        timers.add(entry);
        return entry;
    }

    private void runDue() {
        timers.runDue(Runnable::run);
    }

    @Test
    void emptyQueue_hasNothingToWaitFor() {
        assertThat(timers.millisToNext()).isEqualTo(Driver.FOREVER);
    }

    @Test
    void dueTimers_runInTheOrderOfTheirTimes_andTheOthersStay() {
        add(Duration.ofSeconds(-1), "negative counts as now");
        add(FAR_AWAY, "later");
        add(Duration.ZERO, "now");

        runDue();
        assertThat(run).containsExactly("negative counts as now", "now");
        assertThat(timers.size()).isEqualTo(1);
        assertThat(timers.millisToNext()).isPositive().isLessThanOrEqualTo(FAR_AWAY.toMillis());
    }

    @Test
    void dueTimer_isNotWaitedFor() {
        add(Duration.ZERO, "now");

        assertThat(timers.millisToNext()).isZero();
    }

    @Test
    void durationBeyondTheClock_isForPracticalPurposesNever() {
        add(Duration.ofSeconds(Long.MAX_VALUE), "never");

        runDue();
        assertThat(run).isEmpty();
        assertThat(timers.millisToNext()).isGreaterThan(Duration.ofDays(10_000).toMillis());
    }

    @Test
    void cancelledTimer_doesNotRun() {
        TimerQueue.Entry entry = add(Duration.ZERO, "cancelled");
        entry.cancel();
        entry.cancel();

        runDue();
        assertThat(run).isEmpty();
        assertThat(timers.size()).isZero();
    }

    @Test
    void timerCancelledByAnotherOfTheSameRound_doesNotRun() {
        List<TimerQueue.Entry> second = new ArrayList<>();
        timers.add(timers.entry(Duration.ofNanos(-1), () -> second.get(0).cancel()));
        second.add(add(Duration.ZERO, "second"));

        runDue();
        assertThat(run).isEmpty();
    }

    @Test
    void manyCancelledTimers_doNotPileUpUntilTheirTime() {
        TimerQueue.Entry kept = add(FAR_AWAY, "kept");
        for (int i = 0; i < 10_000; i++) {
            add(FAR_AWAY, "cancelled").cancel();
            timers.millisToNext();
        }

        assertThat(timers.size()).isLessThan(200);
        kept.cancel();
    }

    @Test
    void taskThatAddsATimerThatIsDue_doesNotRunItBeforeItself() {
        timers.add(timers.entry(Duration.ZERO, () -> {
            add(FAR_AWAY, "inner");
            run.add("outer");
        }));

        runDue();
        assertThat(run).containsExactly("outer");
        assertThat(timers.size()).isEqualTo(1);
        timers.clear();
        assertThat(timers.size()).isZero();
    }
}
