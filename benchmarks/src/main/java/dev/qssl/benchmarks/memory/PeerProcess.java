package dev.qssl.benchmarks.memory;

import dev.qssl.benchmarks.bars.Arena;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link MemoryPeer} in a process of its own. */
final class PeerProcess implements AutoCloseable {

    private static final long TIME_LIMIT_NANOS = 60_000_000_000L;

    private final Process process;
    private final PrintStream orders;
    private final BufferedReader answers;

    private PeerProcess(Process process) {
        this.process = process;
        this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** A heap that grows as it has to. */
    static final List<String> GROWING_HEAP = List.of("-Xmx1g");

    /** A heap that is resident from the beginning, so that whatever becomes resident later is not the heap. */
    static final List<String> RESIDENT_HEAP = List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");

    /** Starts one with the same Java and class path. */
    static PeerProcess start(String backend, List<String> heap) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arena.jvmArguments());
        // One collector that moves everything together: figures of live objects repeat to the kilobyte.
        command.add("-XX:+UseSerialGC");
        command.addAll(heap);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MemoryPeer.class.getName(), backend));
        return new PeerProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** {@return the answer to an order} */
    String ask(String order) throws IOException {
        orders.println(order);
        String answer = answers.readLine();
        if (answer == null) {
            throw new EOFException("the measured process ended instead of answering '" + order + "'");
        }
        return answer;
    }

    Footprint footprint() throws IOException {
        return Footprint.parse(ask("measure"));
    }

    /** Waits until so many encrypted connections stand. */
    void awaitConnections(int wanted) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TIME_LIMIT_NANOS;
        while (Integer.parseInt(ask("connections")) != wanted) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "the server has " + ask("connections") + " connections, expected " + wanted);
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() {
        orders.close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
        }
    }
}
