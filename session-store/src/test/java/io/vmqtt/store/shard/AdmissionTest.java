package io.vmqtt.store.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.vmqtt.cluster.namespaces.NamespaceTerms;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.model.Consistency;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.Quota;
import io.vmqtt.model.Quotas;
import io.vmqtt.model.ScopedName;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.storage.v1.LoggedCommand;
import io.vmqtt.store.leading.NamespaceRefusals;
import io.vmqtt.store.leading.Pending;
import io.vmqtt.store.leading.ShardQuotas;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.storage.RocksStorage;
import io.vmqtt.store.storage.StorageMemory;
import io.vmqtt.store.wire.WireContent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionTest {
  private static final Namespace SMALL = Namespace.of("small");

  /** What a topic of three letters in it counts for beside its payload. */
  private static final int EMPTY_BYTES = 32 + ScopedName.of(SMALL, "abc").length();

  @TempDir Path folder;
  private final NamespaceRefusals refusals = new NamespaceRefusals();
  private ShardQuotas quotas = ShardQuotas.NONE;
  private StorageMemory memory;
  private RocksStorage storage;
  private StateMachine machine;
  private Admission admission;
  private long index;

  @BeforeEach
  void open() {
    memory = new StorageMemory(8 << 20, 8 << 20);
    storage = RocksStorage.open(folder, memory);
    machine =
        new StateMachine(
            0,
            storage,
            1,
            new QueueLimits(10, 10_000, QueueLimits.Overflow.DROP_OLDEST, 1_000),
            new ShardCounts());
    admission = new Admission(machine.state(), machine.retained(), () -> quotas, refusals);
  }

  @AfterEach
  void close() {
    storage.close();
    memory.close();
  }

  private void allow(Quota quota, long limit) {
    Namespaces namespaces =
        new Namespaces(
            1,
            Map.of(
                SMALL, new NamespaceTerms(new Quotas(Map.of(quota, limit)), Consistency.STRONG)));
    quotas = new ShardQuotas(namespaces, 1);
    count(quotas.named());
  }

  private boolean goesThrough(Command command) {
    boolean admitted = admission.admits(command);
    if (admitted) {
      apply(command);
      admission.applied(command);
    }
    return admitted;
  }

  private void apply(Command... commands) {
    List<Pending> entry =
        List.of(commands).stream()
            .map(one -> new Pending(one, LoggedCommand.getDefaultInstance(), null))
            .toList();
    var _ = machine.apply(1, ++index, entry, 1_000, null);
  }

  private static Command.Attach attach(Namespace namespace, String clientId) {
    return new Command.Attach(ScopedName.of(namespace, clientId), 7, 1, true, 3600, 10, null, null);
  }

  private static Command.Publish retain(Namespace namespace, String topic, int payloadBytes) {
    Message message =
        Message.newBuilder()
            .setTopic(ScopedName.of(namespace, topic))
            .setQos(1)
            .setRetain(true)
            .setPayload(ByteString.copyFrom(new byte[payloadBytes]))
            .build();
    return new Command.Publish(WireContent.publication(message), null, false, true, List.of());
  }

  @Test
  void attach_beyondTheSessions_refused_butWhoeverHasOneComesBack() {
    allow(Quota.SESSIONS, 2);
    assertTrue(goesThrough(attach(SMALL, "a")));
    assertTrue(goesThrough(attach(SMALL, "b")));

    assertFalse(goesThrough(attach(SMALL, "c")));
    assertTrue(goesThrough(attach(SMALL, "a")), "with a clean start too");
    assertTrue(goesThrough(attach(Namespace.NAMELESS, "c")));
    assertEquals(1, refusals.of(SMALL, Quota.SESSIONS));

    allow(Quota.SESSIONS, 3);
    assertTrue(goesThrough(attach(SMALL, "c")));
  }

  /** Of many that come at once no more are let in than of those that come one by one. */
  @Test
  void attach_othersAreOnTheirWay_theyCount() {
    allow(Quota.SESSIONS, 1);
    Command first = attach(SMALL, "a");
    assertTrue(admission.admits(first));
    assertFalse(admission.admits(attach(SMALL, "b")));

    admission.applied(first); // and came to nothing

    assertTrue(admission.admits(attach(SMALL, "b")));
  }

  /** What a router asks again for another that is gone must not be refused behind the first. */
  @Test
  void attach_copyOfOneOnItsWay_isLetIn() {
    allow(Quota.SESSIONS, 1);
    Command first = attach(SMALL, "a");
    Command copy = attach(SMALL, "a");
    assertTrue(admission.admits(first));
    assertTrue(admission.admits(copy));

    apply(first, copy);
    admission.applied(first);
    admission.applied(copy);

    assertFalse(admission.admits(attach(SMALL, "b")));
    assertTrue(admission.admits(attach(SMALL, "a")));
  }

  @Test
  void retain_beyondTheBytes_refused_butWhatMakesThemFewerIsTaken() {
    allow(Quota.RETAINED_BYTES, 2L * (EMPTY_BYTES + 100));
    assertTrue(goesThrough(retain(SMALL, "abc", 100)));
    assertTrue(goesThrough(retain(SMALL, "def", 100)));

    assertFalse(goesThrough(retain(SMALL, "ghi", 1)));
    assertFalse(goesThrough(retain(SMALL, "abc", 101)));
    assertTrue(goesThrough(retain(Namespace.NAMELESS, "abc", 1_000)));
    assertTrue(goesThrough(retain(SMALL, "abc", 50)));
    assertTrue(goesThrough(retain(SMALL, "def", 150)), "it may have what the other left");
    assertTrue(goesThrough(retain(SMALL, "def", 0)), "it deletes");
    assertTrue(goesThrough(retain(SMALL, "ghi", 100)));
    assertEquals(2, refusals.of(SMALL, Quota.RETAINED_BYTES));
    assertEquals(2 * EMPTY_BYTES + 150, machine.retained().of(SMALL));
  }

  @Test
  void retain_othersAreOnTheirWay_theyCount() {
    allow(Quota.RETAINED_BYTES, EMPTY_BYTES + 100);
    assertTrue(admission.admits(retain(SMALL, "abc", 60)));

    assertFalse(admission.admits(retain(SMALL, "def", 60)));
  }

  /** A refusal must not come when others have the message. */
  @Test
  void retain_copyOfWhatWasTaken_isLetInWhateverHasComeSince() {
    allow(Quota.RETAINED_BYTES, EMPTY_BYTES + 100);
    Command.Publish first = keyed(retain(SMALL, "abc", 100));
    assertTrue(admission.admits(first));
    assertTrue(admission.admits(keyed(retain(SMALL, "abc", 100))), "the first is on its way");
    apply(first);
    admission.applied(first);
    assertTrue(goesThrough(retain(SMALL, "abc", 0)));
    assertTrue(goesThrough(retain(SMALL, "def", 100)));

    assertTrue(admission.admits(keyed(retain(SMALL, "abc", 100))));
    assertFalse(admission.admits(retain(SMALL, "abc", 100)));
  }

  private static Command.Publish keyed(Command.Publish publish) {
    return new Command.Publish(
        publish.publication(),
        new PublishKey(5, 1, 1),
        publish.deliver(),
        publish.keep(),
        publish.shares());
  }

  /** What is there before anybody counts is found, and so is what one entry changes twice. */
  @Test
  void count_whatIsThereAlready_andEachChange() {
    apply(
        retain(SMALL, "abc", 10),
        retain(Namespace.of("small-2"), "abc", 10),
        retain(Namespace.NAMELESS, "abc", 7));

    count(Set.of(SMALL, Namespace.NAMELESS));
    assertEquals(EMPTY_BYTES + 10, machine.retained().of(SMALL));
    assertEquals(32 + 3 + 7, machine.retained().of(Namespace.NAMELESS));

    apply(
        retain(SMALL, "abc", 20),
        retain(SMALL, "abc", 30),
        retain(SMALL, "def", 5),
        retain(SMALL, "def", 0));
    assertEquals(EMPTY_BYTES + 30, machine.retained().of(SMALL));

    count(Set.of());
    apply(retain(SMALL, "abc", 40));
    count(Set.of(SMALL));
    assertEquals(EMPTY_BYTES + 40, machine.retained().of(SMALL));
    apply(retain(SMALL, "abc", 50));
    assertEquals(EMPTY_BYTES + 50, machine.retained().of(SMALL));
  }

  private void count(Set<Namespace> namespaces) {
    machine.retained().count(namespaces);
    while (machine.retained().countOn()) {
      // in slices
    }
  }
}
