package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.faultydisk.DiskCall;
import io.vmqtt.faultydisk.DiskProblem;
import io.vmqtt.faultydisk.Luck;
import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.net.Address;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
  static final FailingMachine withoutLog = FailingMachine.thatDoesNotSync("/journal/journal-");

  @RegisterExtension
  static final FailingMachine withoutNames = FailingMachine.thatDoesNotSync("/journal$");

  @RegisterExtension
  static final FailingMachine hasty = FailingMachine.thatDoesNotSync("/journal/journal-");

  @RegisterExtension static final FailingMachine failing = FailingMachine.create();

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

  /**
   * What the kernel says of those bytes later is not what the disk has: nobody goes on with them.
   */
  @Test
  void sync_ofTheLogFails_theBrokerEndsAndLosesNothing() {
    Address mqtt = failing.broker().mqtt();
    KeptMessages messages = new KeptMessages(clients, mqtt, 1);
    messages.publishAll(mqtt);
    RecordingClient publisher = clients.connect(ClientLibrary.HIVEMQ_5, mqtt);
    failing.disk().fail(DiskCall.SYNC, DiskProblem.BROKEN, 1, "/journal/");
    CompletableFuture<Void> lost = publisher.publishAsync(Names.topic(), "lost", 1, true);

    assertEquals(1, failing.broker().process().awaitExit());

    assertFalse(lost.isDone() && !lost.isCompletedExceptionally(), "it was acknowledged");
    List<String> said = failing.broker().process().output();
    assertTrue(said.getLast().contains("the journal cannot be synced"), said::toString);
    // What was lost may be on the disk in part, and that is no damage: as after a power failure.
    assertFalse(Files.exists(failing.broker().data().resolve("boot-id")));
    failing.powerOffAndOn(Luck.none());
    messages.mustBeKept(failing.broker().mqtt());
  }

  /** A disk that is full for a moment: what was not written is not acknowledged until it is. */
  @Test
  void write_ofTheLogFails_theBrokerGoesOnInAnotherFile() {
    Address mqtt = failing.broker().mqtt();
    KeptMessages before = new KeptMessages(clients, mqtt, 1);
    before.publishAll(mqtt);
    KeptMessages after = new KeptMessages(clients, mqtt, 1);
    failing.disk().fail(DiskCall.WRITE, DiskProblem.FULL, 1, "/journal/");
    after.publishAll(mqtt);
    assertTrue(failing.disk().hasFailed());
    failing.powerOffAndOn(Luck.none());
    before.mustBeKept(failing.broker().mqtt());
    after.mustBeKept(failing.broker().mqtt());
  }

  @Test
  void powerOff_logThatIsNotSynced_isFoundOut() {
    mustBeFoundOut(withoutLog);
  }

  @Test
  void powerOff_namesOfTheLogThatAreNotSynced_areFoundOut() {
    mustBeFoundOut(withoutNames);
  }

  /** By what is lost, or by a broker that sees that something is, and does not start. */
  private void mustBeFoundOut(FailingMachine careless) {
    Address mqtt = careless.broker().mqtt();
    KeptMessages messages = new KeptMessages(clients, mqtt, 1);
    messages.publishAll(mqtt);
    try {
      careless.powerOffAndOn(Luck.none());
    } catch (AssertionError e) {
      assertTrue(String.valueOf(e.getMessage()).contains("is damaged: "), e::toString);
      return;
    }
    messages.mustBeFoundToBeLost(mqtt);
  }
}
