package dev.qssl.net;

import dev.qssl.internal.io.UncaughtExceptions;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;

/**
 * Something that happens to an object, and the slots that are called when it does. Qt's signals, as QtJambi spells them:
 * {@code socket.encrypted.connect(this::ready)}.
 *
 * <p>Slots run one after the other, in the order they were connected, on the thread that emits; the owner says which that
 * is. A slot that throws breaks nothing: the exception goes to that thread's uncaught-exception handler, and the other
 * slots still run. Connecting and disconnecting is allowed from any thread and from slots: a slot connected during an
 * emission is called from the next one on, one disconnected is not called any more. A signal without slots holds no memory beyond itself.
 *
 * @param <T> the argument; {@link Nothing} for signals without one
 */
public final class Signal<T> {

    // One for all signals: an AtomicReference in each would be one more object for every signal of every socket. It is
    // raw
    // because a class literal has no type argument.
    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<Signal, Slots> SLOTS =
            AtomicReferenceFieldUpdater.newUpdater(Signal.class, Slots.class, "slots");

    private volatile Slots slots;

    private Signal(Emitter owner) {
        slots = owner.none;
    }

    /** The argument of signals that carry none. */
    public enum Nothing {
        /** The only value. */
        NOTHING
    }

    /** A slot that is connected; closing it disconnects the slot. */
    public interface Connection extends AutoCloseable {

        /** Disconnects the slot. Does nothing the second time. */
        void disconnect();

        @Override
        default void close() {
            disconnect();
        }
    }

    /**
     * Has a slot called with the argument at every emission.
     *
     * @param slot what to call
     * @return the handle to disconnect it with
     */
    public Connection connect(Consumer<? super T> slot) {
        return add(new Slot(Objects.requireNonNull(slot)));
    }

    /**
     * Has a slot called without the argument at every emission.
     *
     * @param slot what to call
     * @return the handle to disconnect it with
     */
    public Connection connect(Runnable slot) {
        return add(new Slot(Objects.requireNonNull(slot)));
    }

    /** Disconnects every slot. */
    public void disconnect() {
        Slots before = SLOTS.getAndUpdate(this, Slots::withoutAny);
        for (Slot slot : before.all) {
            slot.connected = false;
        }
    }

    private Connection add(Slot slot) {
        SLOTS.updateAndGet(this, before -> before.with(slot));
        return () -> remove(slot);
    }

    private void remove(Slot slot) {
        slot.connected = false;
        SLOTS.updateAndGet(this, before -> before.without(slot));
    }

    /** Who may emit, and what is called then. All signals of an emitter that have no slots share one. */
    private static final class Slots {
        private static final Slot[] NONE = {};

        private final Emitter owner;
        private final Slot[] all;

        private Slots(Emitter owner, Slot[] all) {
            this.owner = owner;
            this.all = all;
        }

        private Slots with(Slot slot) {
            Slot[] more = Arrays.copyOf(all, all.length + 1);
            more[all.length] = slot;
            return new Slots(owner, more);
        }

        private Slots without(Slot slot) {
            Slot[] fewer = Arrays.stream(all).filter(other -> other != slot).toArray(Slot[]::new);
            return fewer.length == 0 ? owner.none : new Slots(owner, fewer);
        }

        private Slots withoutAny() {
            return owner.none;
        }
    }

    /** One connection. Compared by identity, so that the same slot can be connected twice. */
    private static final class Slot {
        private final Object target;
        private volatile boolean connected = true;

        private Slot(Object target) {
            this.target = target;
        }
    }

    /** The private right of one object to create signals and to emit them. */
    public static final class Emitter {

        private final Slots none = new Slots(this, Slots.NONE);

        /** Creates an emitter without signals. */
        public Emitter() {}

        /**
         * {@return a new signal that only this emitter can emit}
         *
         * @param <T> its argument
         */
        public <T> Signal<T> signal() {
            return new Signal<>(this);
        }

        /**
         * {@return whether a slot is connected}
         *
         * @param signal one of the same owner
         */
        public boolean hasSlots(Signal<?> signal) {
            return signal.slots.all.length != 0;
        }

        /**
         * Emits a signal without argument.
         *
         * @param signal one of this emitter's
         */
        public void emit(Signal<Nothing> signal) {
            emit(signal, Nothing.NOTHING);
        }

        /**
         * Calls the slots, on this thread, before it returns.
         *
         * @param signal one of this emitter's
         * @param argument for the slots
         * @param <T> the argument's type
         */
        public <T> void emit(Signal<T> signal, T argument) {
            Slots slots = signal.slots;
            if (slots.owner != this) {
                throw new IllegalArgumentException("only the owner of a signal can emit it");
            }
            for (Slot slot : slots.all) {
                if (slot.connected) {
                    call(slot.target, argument);
                }
            }
        }

        @SuppressWarnings("unchecked") // connect() took it as a Consumer<? super T> of this very signal
        private static <T> void call(Object target, T argument) {
            try {
                if (target instanceof Runnable runnable) {
                    runnable.run();
                } else {
                    ((Consumer<? super T>) target).accept(argument);
                }
            } catch (Throwable e) {
                UncaughtExceptions.tell(e);
            }
        }
    }
}
