package dev.qssl.benchmarks.memory;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What a process holds.
 *
 * @param heap bytes of live objects
 * @param direct bytes of direct buffers
 * @param threads live threads
 * @param descriptors open files and sockets; -1 where the system does not tell
 * @param resident bytes of memory that the process occupies; -1 where the system does not tell
 */
record Footprint(long heap, long direct, long threads, long descriptors, long resident) {

    private static final Path OWN_DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path OWN_STATUS = Path.of("/proc/self/status");
    private static final int COLLECTIONS = 4;

    /** {@return what this process holds, after everything dead was collected} */
    static Footprint now() throws IOException, InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            System.runFinalization();
            Thread.sleep(50); // cleaners run on threads of their own
        }
        long heap = liveHeap();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        long threads = ManagementFactory.getThreadMXBean().getThreadCount();
        return new Footprint(heap, direct, threads, descriptorsNow(), residentNow());
    }

    /**
     * {@return the bytes of all objects that can be reached} What {@code MemoryMXBean} calls used has holes in it, whose size
     * is that of a whole test's result.
     */
    private static long liveHeap() {
        try {
            String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            // The last line: "Total", instances, bytes.
            String[] total =
                    histogram.substring(histogram.lastIndexOf("Total")).trim().split("\\s+", -1);
            return Long.parseLong(total[2]);
        } catch (JMException e) {
            throw new IllegalStateException("this virtual machine does not count its objects", e);
        }
    }

    private static long descriptorsNow() throws IOException {
        if (!Files.isDirectory(OWN_DESCRIPTORS)) {
            return -1;
        }
        try (Stream<Path> open = Files.list(OWN_DESCRIPTORS)) {
            return open.count();
        }
    }

    /** {@return bytes of memory that this process occupies, with whatever is dead; -1 where the system does not tell} */
    static long residentNow() throws IOException {
        if (!Files.isReadable(OWN_STATUS)) {
            return -1;
        }
        try (Stream<String> lines = Files.lines(OWN_STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(-1);
        }
    }

    /** {@return what it holds more than before} */
    Footprint since(Footprint before) {
        return new Footprint(
                heap - before.heap,
                direct - before.direct,
                threads - before.threads,
                descriptors - before.descriptors,
                resident - before.resident);
    }

    /** {@return this as a line for {@link #parse}} */
    String text() {
        return heap + " " + direct + " " + threads + " " + descriptors + " " + resident;
    }

    /** {@return what {@link #text} made a line of} */
    static Footprint parse(String text) {
        long[] numbers =
                Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
        return new Footprint(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    }
}
