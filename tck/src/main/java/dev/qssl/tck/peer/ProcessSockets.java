package dev.qssl.tck.peer;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The TCP sockets, over IPv4, of a process of this user, as Linux tells them (proc(5)). Of a process that has ended nothing
 * is told.
 *
 * @param pid the number of the process
 */
record ProcessSockets(long pid) {

    private static final Path PROCESSES = Path.of("/proc");
    private static final Pattern LINK = Pattern.compile("socket:\\[([0-9]+)]");
    // "sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode ...", numbers in
    // hexadecimal.
    private static final Pattern ROW =
            Pattern.compile(" *[0-9]+: [0-9A-F]+:([0-9A-F]{4}) \\S+ ([0-9A-F]{2})(?: +\\S+){5} +([0-9]+) .*");
    private static final String LISTEN = "0A";

    private record Socket(int port, boolean listening) {}

    /** {@return whether this system tells them} */
    static boolean areTold() {
        return Files.isReadable(PROCESSES.resolve("self/net/tcp"));
    }

    /** {@return a port that the process listens on} */
    Optional<Integer> listeningPort() {
        return all().stream().filter(Socket::listening).map(Socket::port).findFirst();
    }

    /** {@return whether a socket of the process is more than listening} */
    boolean areConnected() {
        return all().stream().anyMatch(socket -> !socket.listening());
    }

    private List<Socket> all() {
        Path own = PROCESSES.resolve(String.valueOf(pid));
        try {
            Set<String> inodes = inodes(own.resolve("fd"));
            try (Stream<String> rows = Files.lines(own.resolve("net/tcp"))) {
                return rows.map(ROW::matcher)
                        .filter(row -> row.matches() && inodes.contains(row.group(3)))
                        .map(row -> new Socket(
                                Integer.parseInt(row.group(1), 16), row.group(2).equals(LISTEN)))
                        .toList();
            }
        } catch (IOException e) {
            return List.of(); // it has ended: which of several errors says so depends on how long ago
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
