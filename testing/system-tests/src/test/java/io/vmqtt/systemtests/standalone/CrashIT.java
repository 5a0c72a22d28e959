package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.HastyRelay;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was acknowledged outlives the process, however that ends. */
class CrashIT {
  @RegisterExtension static final BrokerProcess broker = BrokerProcess.standalone();
  @RegisterExtension final Clients clients = new Clients();

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void kill_afterAcknowledgement_losesNothing(int qos) {
    broker.process();
    KeptMessages messages = new KeptMessages(clients, broker.mqtt(), qos);
    messages.publishAll(broker.mqtt());
    broker.process().kill();
    broker.start();
    messages.mustBeKept(broker.mqtt());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void kill_whilePublishing_losesNothingThatWasAcknowledged(int qos) {
    broker.process();
    KeptMessages messages = new KeptMessages(clients, broker.mqtt(), qos);
    messages.publishSome(broker.mqtt());
    broker.process().kill();
    broker.start();
    messages.mustBeKept(broker.mqtt());
  }

  /** The checker has to find what the tests above do not find here. */
  @Test
  void kill_acknowledgementsThatDidNotWaitForTheDisk_areFoundOut() {
    broker.process();
    KeptMessages messages = new KeptMessages(clients, broker.mqtt(), 1);
    try (HastyRelay relay = new HastyRelay(broker.mqtt())) {
      messages.publishSome(relay.address());
      broker.process().kill();
    }
    broker.start();
    messages.mustBeFoundToBeLost(broker.mqtt());
  }

  @Test
  void kill_withRetainedMessages_keepsThem() {
    broker.process();
    String root = Names.topic();
    RecordingClient publisher = clients.connect(ClientLibrary.PAHO_5, broker.mqtt());
    publisher.publish(root + "/kept", "kept", 1, true);
    publisher.publish(root + "/cleared", "cleared", 1, true);
    publisher.publish(root + "/cleared", "", 1, true);

    broker.process().kill();
    broker.start();

    RecordingClient subscriber = clients.connect(ClientLibrary.HIVEMQ_3, broker.mqtt());
    subscriber.subscribe(root + "/#", 1);
    RecordingClient marker = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    subscriber.inbox().awaitPayload("kept");
    marker.publish(root + "/end", "end", 1);
    subscriber.inbox().awaitExactly(List.of("kept", "end"));
  }

  @Test
  void stop_inOrder_tellsClientsOfMqtt5() {
    broker.process();
    RecordingClient client = clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
    int exit = broker.process().stop();
    assertEquals(0x8B, client.awaitDisconnected().orElse(0));
    broker.start();
    assertEquals(143, exit, "the exit code of SIGTERM");
  }
}
