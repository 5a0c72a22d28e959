package io.vmqtt.systemtests.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.raw.RawClient;
import io.vmqtt.testkit.raw.RawConnect;

/**
 * Where the clients of a rule connect: to three gateways, or three times to the same. The rules are
 * those that take more than one connection, and they hold in both settings.
 */
public interface Gateways {
  /** The first is 0, the last 2. */
  Address gateway(int index);

  /** A new client, whose session ends with its connection or outlives it. */
  default RawConnect newClient(int level, boolean kept) {
    String id = Names.client("rules");
    return kept ? RawConnect.kept(level, id) : RawConnect.clean(level, id);
  }

  /**
   * Nothing of a topic is retained, where {@code subscriber} has just subscribed to it: it gets
   * what it asks for next, and has got nothing before.
   */
  default void assertNothingRetained(RawClient publisher, RawClient subscriber, String topic) {
    publisher.publishRetained(topic + "/asked-for-next", "next", 1);
    subscriber.subscribe(topic + "/asked-for-next", 1);
    assertEquals("next", subscriber.receivePayload());
  }

  /** A new client, connected, whose session ends with its connection. */
  default RawClient open(int gateway, int level) {
    return newClient(level, false).open(gateway(gateway));
  }
}
