package dev.qssl.tck.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The TCP sockets, over IPv4, of a process of this user, as Linux tells them (proc(5)). A process that has ended has none.
 *
 * @param process the process
 * @param processes where the system tells them
 * @param patience how long a process may take to end of which no more can be told
 */
record ProcessSockets(ProcessHandle process, Path processes, Duration patience) {

    private static final Path PROCESSES = Path.of("/proc");
    private static final String DESCRIPTORS = "fd";
    private static final String TABLE = "net/tcp";
    private static final Pattern LINK = Pattern.compile("socket:\\[([0-9]+)]");
    // "sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode ...", in hexadecimal.
    private static final Pattern ROW =
            Pattern.compile(" *[0-9]+: [0-9A-F]+:([0-9A-F]{4}) \\S+ ([0-9A-F]{2})(?: +\\S+){5} +([0-9]+) .*");
    private static final String LISTEN = "0A";

    /** Those of a process, as this system tells them. */
    ProcessSockets(ProcessHandle process) {
        this(process, PROCESSES, PeerSession.LIMIT);
    }

    /**
     * A row of the system's table.
     *
     * @param port its own
     * @param isListening whether it waits for connections
     * @param inode by which a descriptor names it
     */
    record Row(int port, boolean isListening, String inode) {

        /** {@return the row of a line; empty if it is none, as the table's head} */
        static Optional<Row> of(String line) {
            Matcher row = ROW.matcher(line);
            return row.matches()
                    ? Optional.of(new Row(
                            Integer.parseInt(row.group(1), 16), row.group(2).equals(LISTEN), row.group(3)))
                    : Optional.empty();
        }
    }

    /**
     * Makes sure that this system tells them. If not, the test ends here and counts as skipped, with the name of what is
     * missing, as for programs.
     */
    static void require() {
        Path own = PROCESSES.resolve("self");
        Stream.of(own.resolve(DESCRIPTORS), own.resolve(TABLE))
                .filter(needed -> !Files.isReadable(needed))
                .findFirst()
                .ifPresent(needed -> Assumptions.abort("missing files: " + needed));
    }

    /**
     * {@return the ports that the process listens on}
     *
     * @throws UncheckedIOException if the system does not tell them, though the process lives
     */
    List<Integer> listeningPorts() {
        return all().stream().filter(Row::isListening).map(Row::port).toList();
    }

    /**
     * {@return whether a socket of the process is more than listening}
     *
     * @throws UncheckedIOException if the system does not tell them, though the process lives
     */
    boolean hasConnections() {
        return all().stream().anyMatch(socket -> !socket.isListening());
    }

    private List<Row> all() {
        Path own = processes.resolve(String.valueOf(process.pid()));
        try {
            Set<String> inodes = inodes(own.resolve(DESCRIPTORS));
            return Files.readAllLines(own.resolve(TABLE)).stream()
                    .flatMap(line -> Row.of(line).stream())
                    .filter(row -> inodes.contains(row.inode()))
                    .toList();
        } catch (IOException e) {
            if (hasEnded()) {
                return List.of(); // which of several errors says so depends on how long ago
            }
            throw new UncheckedIOException("cannot tell the sockets of process " + process.pid(), e);
        }
    }

    // What an ending process has is taken from it a moment before it counts as ended.
    private boolean hasEnded() {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private static Set<String> inodes(Path descriptors) throws IOException {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
            for (Path each : all) {
                Matcher link = LINK.matcher(target(each));
                if (link.matches()) {
                    inodes.add(link.group(1));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return inodes;
    }

    private static String target(Path link) throws IOException {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (NoSuchFileException e) {
            return ""; // closed since it was listed
        }
    }
}
