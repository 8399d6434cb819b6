package dev.qssl.tck.link;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What this process holds of the system.
 *
 * @param threads live threads
 * @param descriptors open descriptors; 0 on systems that do not tell
 */
public record Resources(int threads, long descriptors) {

    private static final int FEW = 8;

    /** {@return what is in use now} */
    public static Resources inUse() {
        return new Resources(ManagementFactory.getThreadMXBean().getThreadCount(), openDescriptors());
    }

    // By name, because the interface that has it is not part of the platform everywhere.
    private static long openDescriptors() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName system = new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME);
            return (Long) server.getAttribute(system, "OpenFileDescriptorCount");
        } catch (JMException e) {
            return 0;
        }
    }

    /**
     * {@return whether this is no more than that, but for a few} The platform starts a thread or opens a file when it likes;
     * a leak shows as one for every connection.
     */
    public boolean fitIn(Resources that) {
        return threads <= that.threads + FEW && descriptors <= that.descriptors + FEW;
    }
}
