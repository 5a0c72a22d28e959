package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.OpenAccess;
import io.vmqtt.gateway.access.Permission;
import io.vmqtt.model.Message;
import io.vmqtt.model.Namespace;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class AuthorizationsTest {
  private static final int TIMES = 10_000;

  private final Authorizations open =
      new Authorizations(
          new OpenAccess(),
          new Identity(Namespace.NAMELESS, "client", null, null, null),
          new FakeCluster());
  private final Message message = TestClient.message("t", 1);

  /** Asked for every message of every client. */
  @Test
  void publish_knownAtOnce_allocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    grant(TIMES);
    long before = threads.getCurrentThreadAllocatedBytes();

    int granted = grant(TIMES);

    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(TIMES, granted);
    assertTrue(allocated < TIMES, () -> allocated + " bytes for " + TIMES + " questions");
  }

  @Test
  void publish_andWill_toTopicsOfTheServer_deniedWhateverAccessSays() {
    Message ofServer = TestClient.message("$SYS/broker/uptime", 1);
    assertEquals(Permission.DENIED, open.permission(open.publish(ofServer)));
    assertEquals(Permission.DENIED, open.permission(open.will(ofServer)));
    Message ofOthers = TestClient.message("$SYSTEM/x", 1);
    assertEquals(Permission.GRANTED, open.permission(open.publish(ofOthers)));
    assertEquals(Permission.GRANTED, open.permission(open.will(ofOthers)));
  }

  private int grant(int times) {
    int granted = 0;
    for (int i = 0; i < times; i++) {
      granted += open.permission(open.publish(message)) == Permission.GRANTED ? 1 : 0;
    }
    return granted;
  }
}
