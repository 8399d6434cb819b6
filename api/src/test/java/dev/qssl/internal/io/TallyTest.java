package dev.qssl.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Who waits for what (C15). */
class TallyTest {

    private final Tally tally = new Tally();

    @Test
    void emittingThread_waitsForAnAnnouncementInsideItsCall() {
        tally.happen();
        int base = tally.base(true);

        assertThat(tally.isOver(base, true)).as("before the slots run").isFalse();
        tally.announce();
        assertThat(tally.isOver(base, true)).as("once they are told").isTrue();
    }

    @Test
    void slotThatIsBeingTold_waitsForMore() {
        tally.happen();
        tally.announce();
        int base = tally.base(true);

        assertThat(tally.isOver(base, true)).isFalse();
        assertThat(tally.isBeyond(base)).isFalse();
        tally.happen();
        assertThat(tally.isBeyond(base)).isTrue();
        tally.announce();
        assertThat(tally.isOver(base, true)).isTrue();
    }

    @Test
    void otherThread_isReleasedOnceTheSlotsHaveRun() {
        int base = tally.base(false);
        tally.happen();
        int announcement = tally.announce();

        assertThat(tally.isOver(base, false)).as("while slots run").isFalse();
        assertThat(tally.isBeingTold()).isTrue();
        tally.tell(announcement);
        assertThat(tally.isOver(base, false)).as("after them").isTrue();
        assertThat(tally.isBeingTold()).isFalse();
    }

    @Test
    void otherThread_learnsOfWhatNobodySaw_andOnlyOnce() {
        tally.happen();
        tally.tell(tally.announce());
        int base = tally.base(false);

        assertThat(tally.isOver(base, false))
                .as("told before it asked, and unseen")
                .isTrue();
        tally.see();
        assertThat(tally.isOver(tally.base(false), false)).as("seen since").isFalse();
    }
}
