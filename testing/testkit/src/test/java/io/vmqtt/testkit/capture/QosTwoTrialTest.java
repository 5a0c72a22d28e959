package io.vmqtt.testkit.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.capture.QosTwoTrial.Side;
import io.vmqtt.testkit.capture.QosTwoTrial.Verdict;
import io.vmqtt.testkit.raw.PacketBytes;
import io.vmqtt.testkit.raw.Packets;
import io.vmqtt.testkit.raw.RawPacket;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Conversations that somebody had, and who is to blame for what came of them. */
class QosTwoTrialTest {
  private static final String P = "publisher";
  private static final String S = "subscriber";

  private final List<CapturedPacket> capture = new ArrayList<>();
  private int connection = 1;

  @Test
  void verdicts_repeatedUnderItsIdentifierAndHandedOverOnce_nobodyIsToBlame() {
    publish(P, true, 1, "a");
    reconnect(P);
    publish(P, true, 1, "a");
    finish(P, true, 1);
    publish(S, false, 7, "a");
    reconnect(S);
    publish(S, false, 7, "a");
    finish(S, false, 7);

    assertEquals(List.of(), verdicts("a"));
  }

  @Test
  void doubled_brokerDeliversOneMessageUnderTwoIdentifiers_broker() {
    publish(P, true, 1, "a");
    finish(P, true, 1);
    publish(S, false, 7, "a");
    publish(S, false, 8, "a");

    assertEquals(Side.BROKER, only(verdicts("a", "a")).side());
  }

  @Test
  void doubled_brokerRepeatsAfterItsPubrel_broker() {
    publish(P, true, 1, "a");
    finish(P, true, 1);
    publish(S, false, 7, "a");
    finish(S, false, 7);
    reconnect(S);
    publish(S, false, 7, "a");

    assertEquals(Side.BROKER, only(verdicts("a", "a")).side());
  }

  /** The publisher makes two of one, but the broker three. */
  @Test
  void doubled_brokerDeliversMoreThanThePublisherMade_broker() {
    publish(P, true, 1, "a");
    finish(P, true, 1);
    publish(P, true, 1, "a");
    for (int id = 7; id < 10; id++) {
      publish(S, false, id, "a");
    }

    assertEquals(Side.BROKER, only(verdicts("a", "a", "a")).side());
  }

  @Test
  void doubled_publisherRepeatsAfterItsPubrel_publisherWithTheEvidence() {
    publish(P, true, 1, "a");
    finish(P, true, 1);
    reconnect(P);
    publish(P, true, 1, "a");
    publish(S, false, 7, "a");
    publish(S, false, 8, "a");

    Verdict verdict = only(verdicts("a", "a"));

    assertEquals(Side.PUBLISHING_CLIENT, verdict.side());
    assertTrue(verdict.evidence().stream().anyMatch(line -> line.contains("-> PUBREL 1")));
    assertTrue(verdict.evidence().stream().anyMatch(line -> line.contains("<- PUBLISH 8 a")));
  }

  @Test
  void doubled_publisherTakesAnotherIdentifier_publisher() {
    publish(P, true, 1, "a");
    reconnect(P);
    publish(P, true, 2, "a");
    publish(S, false, 7, "a");
    publish(S, false, 8, "a");

    assertEquals(Side.PUBLISHING_CLIENT, only(verdicts("a", "a")).side());
  }

  /** It said that it will not have it: the next one is no repetition. */
  @Test
  void doubled_refusedAndSentAgain_brokerDeliversBoth_broker() {
    publish(P, true, 1, "a");
    add(P, false, new PacketBytes().twoBytes(1).bytes(0x97).packet(0x50));
    publish(P, true, 2, "a");
    finish(P, true, 2);
    publish(S, false, 7, "a");
    publish(S, false, 8, "a");

    assertEquals(Side.BROKER, only(verdicts("a", "a")).side());
  }

  @Test
  void doubled_deliveredOnceAndHandedOverTwice_subscriber() {
    publish(P, true, 1, "a");
    publish(S, false, 7, "a");
    reconnect(S);
    publish(S, false, 7, "a");

    assertEquals(Side.SUBSCRIBING_CLIENT, only(verdicts("a", "a")).side());
  }

  @Test
  void lost_brokerSaidPubrecAndNeverDelivered_broker() {
    publish(P, true, 1, "a");
    finish(P, true, 1);

    assertEquals(Side.BROKER, only(verdicts()).side());
  }

  @Test
  void misordered_publisherSendsTheLaterOneFirstAfterAReturn_publisher() {
    publish(P, true, 1, "a");
    publish(P, true, 2, "b");
    reconnect(P);
    publish(P, true, 2, "b");
    publish(P, true, 1, "a");
    publish(S, false, 7, "b");
    publish(S, false, 8, "a");

    Verdict verdict = only(verdicts("b", "a"));

    assertEquals(Side.PUBLISHING_CLIENT, verdict.side());
    assertEquals("a", verdict.payload());
  }

  @Test
  void misordered_deliveredOutOfOrder_broker() {
    publish(P, true, 1, "a");
    publish(P, true, 2, "b");
    publish(S, false, 7, "b");
    publish(S, false, 8, "a");

    assertEquals(Side.BROKER, only(verdicts("b", "a")).side());
  }

  @Test
  void misordered_deliveredInOrderAndHandedOverOtherwise_subscriber() {
    publish(P, true, 1, "a");
    publish(P, true, 2, "b");
    publish(S, false, 7, "a");
    publish(S, false, 8, "b");

    assertEquals(Side.SUBSCRIBING_CLIENT, only(verdicts("b", "a")).side());
  }

  private List<Verdict> verdicts(String... handedOver) {
    return new QosTwoTrial(capture, P, S, List.of(handedOver)).verdicts();
  }

  private static Verdict only(List<Verdict> verdicts) {
    assertEquals(1, verdicts.size(), verdicts::toString);
    return verdicts.getFirst();
  }

  private void publish(String client, boolean byClient, int id, String payload) {
    add(client, byClient, Packets.publish("t", payload, 2, id));
  }

  /** PUBREC, PUBREL and PUBCOMP. */
  private void finish(String client, boolean byClient, int id) {
    add(client, !byClient, Packets.pubRec(id));
    add(client, byClient, Packets.pubRel(id));
    add(client, !byClient, Packets.pubComp(id));
  }

  private void reconnect(String client) {
    connection++;
    add(client, false, new PacketBytes().bytes(1, 0).noProperties().packet(0x20));
  }

  private void add(String client, boolean fromClient, byte[] bytes) {
    try {
      RawPacket packet =
          RawPacket.read(new DataInputStream(new ByteArrayInputStream(bytes))).orElseThrow();
      capture.add(new CapturedPacket(client, connection, fromClient, 5, 0, packet));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
