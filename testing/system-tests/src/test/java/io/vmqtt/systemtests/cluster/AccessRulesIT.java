package io.vmqtt.systemtests.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.process.ClusterNode.Kind;
import io.vmqtt.testkit.process.ClusterProcesses;
import io.vmqtt.testkit.raw.PacketBytes;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawClient;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawConnect.RawWill;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.raw.RawPacket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rules of a file, in force at every gateway, and changed while clients are there. */
class AccessRulesIT {
  private static final int NO_MATCHING_SUBSCRIBERS = 0x10;
  private static final int NOT_AUTHORIZED = 0x87;

  /** The property of MQTT 5. */
  private static final int RESPONSE_TOPIC = 0x08;

  /** Longer than it takes for new rules to be in force. */
  private static final int WILL_DELAY_SECONDS = 15;

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String OWN = "${clientid}/#";
  private static final Path FILE = allowing(temporary(), OWN);

  @RegisterExtension
  static final ClusterProcesses cluster =
      ClusterProcesses.of(1, 1, 2).withRegistryOptions("--access", FILE.toString());

  private final List<AutoCloseable> open = new ArrayList<>();

  private static Path temporary() {
    try {
      return Files.createTempFile("vmqtt-access-", ".yaml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Who is called "judge" may publish everything; all others may have these topics. */
  private static Path allowing(Path file, String topic) {
    try {
      return Files.writeString(
          file,
          """
          rules:
            - allow: publish
              topics: "#"
              client-ids: judge-*
            - allow: [publish, subscribe]
              topics: %s
          """
              .formatted(topic));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void ownTopics() {
    allowing(FILE, OWN);
    awaitRule(OWN);
  }

  @AfterEach
  void leave() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @AfterAll
  static void deleteFile() throws IOException {
    Files.delete(FILE);
  }

  private RawConnection connected(Address gateway, String clientId) {
    RawConnection connection = RawConnection.open(gateway);
    open.add(connection);
    assertEquals(0, connection.send(RawConnect.clean(5, clientId).encoded()).read().reasonCode());
    return connection;
  }

  private RawClient client(Address gateway, RawConnect connect) {
    RawClient client = connect.open(gateway);
    open.add(client);
    return client;
  }

  private static int publish(RawConnection client, String topic) {
    return client.send(Packets.publish(topic, "x", 1, 1)).read().reasonCode();
  }

  private static int subscribe(RawConnection client, String filter) {
    return client.send(Packets.subscribe(1, filter, 1)).read().reasonCode();
  }

  /** Waits until every gateway goes by a rule. */
  private static void awaitRule(String topic) {
    String sample = topic.replace("${clientid}", "probe").replace("#", "x");
    for (int i = 0; i < 2; i++) {
      Address gateway = cluster.gateway(i);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                try (RawConnection probe = RawConnection.open(gateway)) {
                  RawPacket answer = probe.send(RawConnect.clean(5, "probe").encoded()).read();
                  return answer.reasonCode() == 0 && publish(probe, sample) < 0x80;
                }
              });
    }
  }

  @Test
  void rules_fromTheStartOn_holdAtEveryGateway() {
    for (int i = 0; i < 2; i++) {
      RawConnection client = connected(cluster.gateway(i), "c");

      assertEquals(NO_MATCHING_SUBSCRIBERS, publish(client, "c/x"));
      assertEquals(NOT_AUTHORIZED, publish(client, "d/x"));
      assertEquals(1, subscribe(client, "c/#"));
      assertEquals(NOT_AUTHORIZED, subscribe(client, "#"));
      assertEquals(NOT_AUTHORIZED, subscribe(client, "$share/g/d/x"));
      client.close();
    }
    assertEquals(2, cluster.status().at("/access/rules").asInt());
  }

  /** Whoever asks may name any topic for the answer; who answers needs a rule that allows it. */
  @Test
  void responseTopic_isATopicLikeOthers() {
    RawClient asker = client(cluster.gateway(0), RawConnect.clean(5, "judge-3"));
    asker.subscribe("judge-3/answers", 1);
    RawClient asked = client(cluster.gateway(1), RawConnect.clean(5, "asked"));
    asked.subscribe("asked/#", 1);
    PacketBytes answersTo = new PacketBytes().bytes(RESPONSE_TOPIC).string("judge-3/answers");
    byte[] request =
        new PacketBytes().string("asked/question").twoBytes(1).properties(answersTo).packet(0x32);

    assertEquals(0, connected(cluster.gateway(0), "judge-4").send(request).read().reasonCode());

    assertEquals("asked/question", asked.receive().topic());
    RawConnection answering = connected(cluster.gateway(1), "another");
    assertEquals(NOT_AUTHORIZED, publish(answering, "judge-3/answers"));
    RawConnection mayAnswer = connected(cluster.gateway(1), "judge-5");
    assertEquals(0, publish(mayAnswer, "judge-3/answers"));
    assertEquals("judge-3/answers", asker.receive().topic());
  }

  @Test
  void rules_changed_holdForThoseWhoAreThere_atEveryGateway() {
    RawConnection first = connected(cluster.gateway(0), "one");
    RawConnection second = connected(cluster.gateway(1), "two");
    assertEquals(NOT_AUTHORIZED, publish(first, "news/x"));
    assertEquals(NOT_AUTHORIZED, publish(second, "news/x"));

    allowing(FILE, "news/#");

    await().atMost(PATIENCE).until(() -> publish(first, "news/x") == NO_MATCHING_SUBSCRIBERS);
    await().atMost(PATIENCE).until(() -> publish(second, "news/x") == NO_MATCHING_SUBSCRIBERS);
    assertEquals(NOT_AUTHORIZED, publish(first, "one/x"));
    assertEquals(NOT_AUTHORIZED, publish(second, "two/x"));
  }

  @Test
  void rules_changed_holdForThoseWhoAreThere_asARuleWithinASecond() {
    List<RawConnection> everywhere =
        List.of(connected(cluster.gateway(0), "prompt1"), connected(cluster.gateway(1), "prompt2"));

    Promptness.assertAsARule(
        cluster,
        "new rules hold",
        round -> allowing(FILE, "round" + round + "/#"),
        round -> {
          for (RawConnection client : everywhere) {
            await()
                .pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .until(() -> publish(client, "round" + round + "/x") == NO_MATCHING_SUBSCRIBERS);
          }
        });
  }

  @Test
  void rules_changed_subscriptionsThatMayNotBeAnyMoreEnd() {
    RawConnection judge = connected(cluster.gateway(0), "judge-1");
    client(cluster.gateway(0), RawConnect.clean(5, "short")).subscribe("short/#", 1);
    client(cluster.gateway(1), RawConnect.kept(5, "long")).subscribe("long/#", 1);
    RawClient away = client(cluster.gateway(1), RawConnect.kept(5, "away"));
    away.subscribe("away/#", 1);
    away.disconnect();
    for (String topic : List.of("short/x", "long/x", "away/x")) {
      assertEquals(0, publish(judge, topic), topic);
    }

    allowing(FILE, "news/#");

    for (String topic : List.of("short/x", "long/x")) {
      await().atMost(PATIENCE).until(() -> publish(judge, topic) == NO_MATCHING_SUBSCRIBERS);
    }
    assertEquals(0, publish(judge, "away/x"), "nobody has asked what it is allowed now");
    assertTrue(client(cluster.gateway(0), RawConnect.kept(5, "away")).sessionPresent());
    await().atMost(PATIENCE).until(() -> publish(judge, "away/x") == NO_MATCHING_SUBSCRIBERS);
  }

  /** What is left of clients that are not there. */
  @Test
  void rules_changed_whatWasQueuedBeforeAndDelayedWillsAreJudgedByThem() {
    RawConnection judge = connected(cluster.gateway(0), "judge-2");
    RawClient absent = client(cluster.gateway(1), RawConnect.kept(5, "absent"));
    absent.subscribe("absent/#", 1);
    absent.disconnect();
    assertEquals(0, publish(judge, "absent/x"));
    RawWill will = new RawWill("late/x", "gone", 1, false, WILL_DELAY_SECONDS, new PacketBytes());
    client(cluster.gateway(1), RawConnect.kept(5, "late").withWill(will)).cut();

    allowing(FILE, "news/#");
    awaitRule("news/#");

    RawClient back = client(cluster.gateway(0), RawConnect.kept(5, "absent"));
    back.subscribe("news/#", 1);
    assertEquals(0, publish(judge, "news/x"));
    assertEquals("news/x", back.receive().topic(), "what was queued before it is not delivered");
    Address store = cluster.all(Kind.STORE).getFirst().http();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                HttpProbe.get(store, "/prometheus")
                    .contains("vmqtt_store_wills_forbidden_total 1.0"));
  }
}
