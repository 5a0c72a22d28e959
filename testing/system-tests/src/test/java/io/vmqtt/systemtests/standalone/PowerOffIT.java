package io.vmqtt.systemtests.standalone;

import io.vmqtt.faultydisk.Luck;
import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.net.Address;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What was acknowledged outlives a power failure: what is on a disk then is what was synced, file
 * by file and folder by folder, and some of the rest, torn and in any order.
 */
class PowerOffIT {
  @RegisterExtension static final FailingMachine machine = FailingMachine.create();

  @RegisterExtension
  static final FailingMachine withoutLog = FailingMachine.thatDoesNotSync("/log_inprogress");

  @RegisterExtension
  static final FailingMachine withoutNames = FailingMachine.thatDoesNotSync("/current$");

  @RegisterExtension
  static final FailingMachine hasty = FailingMachine.thatDoesNotSync("/log_inprogress");

  @RegisterExtension final Clients clients = new Clients();

  private static Address mqtt() {
    return machine.broker().mqtt();
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "1, 5", "2, 6"})
  void powerOff_afterAcknowledgement_losesNothing(int qos, long seed) {
    machine.broker().process();
    KeptMessages messages = new KeptMessages(clients, mqtt(), qos);
    messages.publishAll(mqtt());
    machine.powerOffAndOn(luck(seed));
    messages.mustBeKept(mqtt());
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "1, 1", "2, 2", "1, 3", "2, 4"})
  void powerOff_whilePublishing_losesNothingThatWasAcknowledged(int qos, long seed) {
    machine.broker().process();
    KeptMessages messages = new KeptMessages(clients, mqtt(), qos);
    messages.publishSome(mqtt());
    machine.powerOffAndOn(luck(seed));
    messages.mustBeKept(mqtt());
  }

  private static Luck luck(long seed) {
    return seed == 0 ? Luck.none() : Luck.some(seed);
  }

  @Test
  void powerOff_withRetainedMessages_keepsThem() {
    machine.broker().process();
    String root = Names.topic();
    RecordingClient publisher = clients.connect(ClientLibrary.PAHO_5, mqtt());
    publisher.publish(root + "/kept", "kept", 1, true);
    publisher.publish(root + "/cleared", "cleared", 1, true);
    publisher.publish(root + "/cleared", "", 1, true);

    machine.powerOffAndOn(Luck.none());

    RecordingClient subscriber = clients.connect(ClientLibrary.HIVEMQ_3, mqtt());
    subscriber.subscribe(root + "/#", 1);
    subscriber.inbox().awaitPayload("kept");
    clients.connect(ClientLibrary.HIVEMQ_5, mqtt()).publish(root + "/end", "end", 1);
    subscriber.inbox().awaitExactly(List.of("kept", "end"));
  }

  /** What a killed process had written and not synced is there for the next, who builds on it. */
  @Test
  void powerOff_afterAKillBeforeTheSync_losesNothingThatWasAcknowledgedSince() {
    Address mqtt = hasty.broker().mqtt();
    KeptMessages messages = new KeptMessages(clients, mqtt, 1);
    hasty.killAndStartCarefully();
    messages.publishAll(mqtt);
    hasty.powerOffAndOn(Luck.none());
    messages.mustBeKept(mqtt);
  }

  @Test
  void powerOff_logThatIsNotSynced_isFoundOut() {
    mustBeFoundOut(withoutLog);
  }

  @Test
  void powerOff_namesOfTheLogThatAreNotSynced_areFoundOut() {
    mustBeFoundOut(withoutNames);
  }

  private void mustBeFoundOut(FailingMachine careless) {
    Address mqtt = careless.broker().mqtt();
    KeptMessages messages = new KeptMessages(clients, mqtt, 1);
    messages.publishAll(mqtt);
    careless.powerOffAndOn(Luck.none());
    messages.mustBeFoundToBeLost(mqtt);
  }
}
