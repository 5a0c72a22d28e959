package io.vmqtt.testkit.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;

/** What reading an input takes of the heap, whether it is kept or not. */
public final class HeapUse {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What any input may take: objects around it, classes that are loaded for the first time. */
  private static final long FOR_ANY = 1 << 20;

  private HeapUse() {}

  /**
   * Runs what reads an input, on this thread, which may take so many bytes for each of its bytes,
   * and 1 MiB.
   */
  public static <T> T bounded(byte[] input, int forEachByte, Supplier<T> reader) {
    return bounded(Thread.currentThread(), input, forEachByte, reader);
  }

  /** The same where another thread does the work. */
  public static <T> T bounded(Thread by, byte[] input, int forEachByte, Supplier<T> reader) {
    long before = THREADS.getThreadAllocatedBytes(by.threadId());
    T read = reader.get();
    long taken = THREADS.getThreadAllocatedBytes(by.threadId()) - before;
    if (taken > FOR_ANY + (long) forEachByte * input.length) {
      throw new AssertionError(input.length + " bytes take " + taken + " bytes of the heap");
    }
    return read;
  }
}
