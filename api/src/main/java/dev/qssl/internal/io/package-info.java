/**
 * The inside of a socket, in four rooms.
 *
 * <ul>
 *   <li><b>Buffers</b>: {@link dev.qssl.internal.io.BufferPool}, {@link dev.qssl.internal.io.ReadQueue},
 *       {@link dev.qssl.internal.io.WriteQueue}, and {@link dev.qssl.internal.io.ByteQueues} over both.
 *   <li><b>The connection</b>: {@link dev.qssl.internal.io.Connection}, as everybody may use it, and its
 *       {@link dev.qssl.internal.io.Pump}, which moves bytes between channel, engine and buffers for the owner, in
 *       {@link dev.qssl.internal.io.Turns}. What they
 *       say to each other goes through the {@link dev.qssl.internal.io.Mailbox} (to the owner) and the
 *       {@link dev.qssl.internal.io.Announcements} (from it).
 *   <li><b>The driver</b>: {@link dev.qssl.internal.io.Driver} is who pumps it: the thread that waits, or a loop's thread.
 *   <li><b>The face</b>: {@link dev.qssl.internal.io.SocketCore} begins and ends attempts,
 *       {@link dev.qssl.internal.io.Attempt} tells the slots, {@link dev.qssl.internal.io.SocketStatus} keeps Qt's state, and
 *       {@link dev.qssl.internal.io.SocketWaits} waits.
 * </ul>
 *
 * <p>Rules that hold everywhere here:
 *
 * <ul>
 *   <li>R1 One {@code Connection} per attempt. What comes from one that is no longer the socket's is dropped.
 *   <li>R2 The lock guards fields only. It is never held across engine, channel, select or slots.
 *   <li>R3 One owner permit per connection. Only its holder touches engine and channel, and emits. Loop-driven: the loop's
 *       thread, always. Caller-driven: whoever waits, flushes or reads; one who leaves hands it to the next waiter.
 *   <li>R4 Everybody else leaves a note in the mailbox and wakes the owner once. {@code abort} and {@code close} set the
 *       state at once; the owner frees the engine when its call returns.
 *   <li>R5 From a slot inside an engine call, calls on the same socket are noted and carried out after it; waiting there
 *       returns false with a warning.
 *   <li>R6 On the owner's thread signals are emitted at once, nested; only readyRead and bytesWritten guard against
 *       recursion.
 *   <li>R7 Waiting on the loop's own thread pumps this one socket with another selector; the loop's others stand still.
 *   <li>R8 Closing a loop aborts its sockets, releases their waiters, and ends after a last select.
 *   <li>R9 A waiter that is not the driver waits for state that nobody observed yet, not for an emission it may have missed.
 * </ul>
 */
package dev.qssl.internal.io;
