package io.vmqtt.systemtests;

import java.util.concurrent.atomic.AtomicInteger;

/** Topics and client ids that no other test of the run uses. */
public final class Names {
  private static final AtomicInteger NEXT = new AtomicInteger();

  private Names() {}

  /** A new topic, or the first levels of some. */
  public static String topic() {
    return "topic-" + NEXT.incrementAndGet();
  }

  /** A new client id. */
  public static String client(String role) {
    return role + "-" + NEXT.incrementAndGet();
  }
}
