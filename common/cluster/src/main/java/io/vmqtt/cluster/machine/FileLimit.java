package io.vmqtt.cluster.machine;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many files and sockets this process may have open: {@code ulimit -n}. */
public final class FileLimit {
  private FileLimit() {}

  /** The limit; where the system has none, more than anybody needs. */
  public static long current() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? system.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }
}
