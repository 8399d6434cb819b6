package dev.qssl.benchmarks.rounds;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The processor time of this process, both sides of a connection and the collector included. */
final class ProcessorTime {

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private ProcessorTime() {}

    /** {@return nanoseconds used so far} */
    static long nanos() {
        return SYSTEM.getProcessCpuTime();
    }
}
