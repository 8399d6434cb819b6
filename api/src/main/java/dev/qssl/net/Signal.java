package dev.qssl.net;

import dev.qssl.internal.io.UncaughtExceptions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
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

    private static final Object[] NONE = {};
    private static final VarHandle SLOTS;

    static {
        try {
            SLOTS = MethodHandles.lookup().findVarHandle(Signal.class, "slots", Object[].class);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private final Emitter owner;
    private volatile Object[] slots = NONE;

    private Signal(Emitter owner) {
        this.owner = owner;
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
        Object[] before = (Object[]) SLOTS.getAndSet(this, NONE);
        for (Object slot : before) {
            ((Slot) slot).connected = false;
        }
    }

    private Connection add(Slot slot) {
        Object[] before;
        Object[] after;
        do {
            before = slots;
            after = Arrays.copyOf(before, before.length + 1);
            after[before.length] = slot;
        } while (!SLOTS.compareAndSet(this, before, after));
        return () -> remove(slot);
    }

    private void remove(Slot slot) {
        slot.connected = false;
        Object[] before;
        Object[] after;
        do {
            before = slots;
            after = Arrays.stream(before).filter(other -> other != slot).toArray();
            if (after.length == before.length) {
                return;
            }
        } while (!SLOTS.compareAndSet(this, before, after.length == 0 ? NONE : after));
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
            return signal.slots.length != 0;
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
            if (signal.owner != this) {
                throw new IllegalArgumentException("only the owner of a signal can emit it");
            }
            for (Object each : signal.slots) {
                Slot slot = (Slot) each;
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
