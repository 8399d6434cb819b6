package dev.qssl.cli;

import java.io.PrintStream;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar for a person who waits; nothing where the messages go to a file. */
final class Progress implements AutoCloseable {

    private static final int WIDTH = 78;

    private final Optional<ProgressBar> bar;

    private Progress(Optional<ProgressBar> bar) {
        this.bar = bar;
    }

    /**
     * {@return the progress of a task}
     *
     * @param task what is done, in a word or two
     * @param steps how many calls of {@link #step} there will be
     */
    static Progress of(Terminal terminal, String task, int steps) {
        if (!terminal.isMessagesInteractive()) {
            return new Progress(Optional.empty());
        }
        PrintStream messages = new PrintStream(terminal.messagesStream(), true, terminal.charset());
        return new Progress(Optional.of(new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .clearDisplayOnFinish()
                .hideEta()
                .setConsumer(new ConsoleProgressBarConsumer(messages, WIDTH))
                .build()));
    }

    /** Says that one more step is done, and what comes next. */
    void step(String next) {
        bar.ifPresent(shown -> {
            shown.step();
            shown.setExtraMessage(next);
        });
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }
}
