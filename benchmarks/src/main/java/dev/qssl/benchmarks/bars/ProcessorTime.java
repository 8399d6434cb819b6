package dev.qssl.benchmarks.bars;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The processor time of this process, both sides of a connection and the collector included. */
public final class ProcessorTime {

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private ProcessorTime() {}

    /** {@return nanoseconds used so far} */
    public static long nanos() {
        return SYSTEM.getProcessCpuTime();
    }
}
