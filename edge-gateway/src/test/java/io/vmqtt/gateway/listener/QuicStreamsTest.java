package io.vmqtt.gateway.listener;

import static io.vmqtt.gateway.listener.QuicGateway.PINGREQ;
import static io.vmqtt.gateway.listener.QuicGateway.PINGRESP;
import static io.vmqtt.gateway.listener.QuicGateway.assertConnected;
import static io.vmqtt.gateway.listener.QuicGateway.client;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.access.FakeAccess.How;
import io.vmqtt.testkit.quic.KwikClient;
import io.vmqtt.testkit.quic.KwikClient.Further;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several streams of one client of QUIC, on real sockets, with clients of kwik. MQTT 5. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class QuicStreamsTest {
  private static final int DELIVERY_BYTES = 8;

  private QuicGateway quic;
  private long lastSequence;

  @BeforeEach
  void prepare(@TempDir Path folder) {
    quic = new QuicGateway(folder);
  }

  @AfterEach
  void close() {
    quic.close();
  }

  private static String subscribe(int packetId, char topic) {
    return "82 07 00 %02x 00 00 01 %02x 01".formatted(packetId, (int) topic);
  }

  private static String subAck(int packetId) {
    return "900400%02x0001".formatted(packetId);
  }

  private static void subscribed(Further stream, int packetId, char topic) throws IOException {
    stream.send(subscribe(packetId, topic));
    assertEquals(subAck(packetId), stream.receive(6));
  }

  private static String publish(int qos, int packetId, char topic, int payload) {
    return "%02x 07 00 01 %02x 00 %02x 00 %02x"
        .formatted(0x30 | qos << 1, (int) topic, packetId, payload);
  }

  private static String delivery(char topic, int packetId) {
    return "32060001%02x00%02x00".formatted((int) topic, packetId);
  }

  private void deliver(char topic) {
    quic.router.publishTo(String.valueOf(topic), ++lastSequence);
  }

  @Test
  void answers_areOnTheStreamsOfTheirRequests() throws IOException {
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);
      Further one = client.further();
      Further other = client.further();

      subscribed(one, 1, 't');
      other.send(publish(1, 2, 'p', 1));
      assertEquals("40020002", other.receive(4));
      one.send(publish(2, 3, 'p', 2));
      assertEquals("50020003", one.receive(4));
      other.send("62 02 00 03");
      assertEquals("70020003", other.receive(4), "the request is PUBREL");
      other.send("a2 06 00 04 00 00 01 74");
      assertEquals("b004000400" + "00", other.receive(6));
      assertEquals(PINGRESP, client.send(PINGREQ));
      assertEquals("40020005", client.send(publish(1, 5, 'p', 3)));
      assertEquals(3, quic.router.publishes().size());
      assertEquals(2, quic.count("vmqtt.gateway.quic.streams"));
      assertEquals(1, node.connections());
    }
  }

  @Test
  void deliveries_areOnTheStreamsOfTheirSubscriptions() throws IOException {
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);
      Further one = client.further();
      Further other = client.further();
      subscribed(one, 1, 't');
      subscribed(other, 2, 'u');
      assertEquals(subAck(3), client.send(subscribe(3, 'v')));

      deliver('v');
      assertEquals(delivery('v', 1), client.receive());
      deliver('u');
      assertEquals(delivery('u', 2), other.receive(DELIVERY_BYTES));
      deliver('t');
      assertEquals(delivery('t', 3), one.receive(DELIVERY_BYTES));
      for (int packetId = 4; packetId <= 10; packetId++) {
        deliver('t');
        assertEquals(delivery('t', packetId), one.receive(DELIVERY_BYTES));
      }

      deliver('t'); // the window is the connection's, and any stream opens it
      other.send("40 02 00 01");
      assertEquals(delivery('t', 11), one.receive(DELIVERY_BYTES));
    }
  }

  @Test
  void deliveries_ofASubscriptionMadeAgainOrOverlapping_areOnOneStream() throws IOException {
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);
      Further one = client.further();
      Further other = client.further();
      subscribed(one, 1, 't');
      subscribed(other, 2, '#');
      deliver('t');
      assertEquals(delivery('t', 1), one.receive(DELIVERY_BYTES), "the older subscription");

      subscribed(other, 3, 't');
      deliver('t');
      assertEquals(delivery('t', 2), other.receive(DELIVERY_BYTES));

      assertEquals(subAck(4), client.send(subscribe(4, 't')));
      other.send("a2 06 00 05 00 00 01 23");
      assertEquals("b00400050000", other.receive(6));
      deliver('t');
      assertEquals(delivery('t', 3), client.receive());
    }
  }

  /** On each stream in its order, and of all of them nothing is lost. */
  @Test
  void publishes_onSeveralStreams_keepTheOrderOfEach() throws IOException {
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);
      List<Further> streams = List.of(client.further(), client.further(), client.further());
      for (int i = 0; i < 100; i++) {
        for (int stream = 0; stream < streams.size(); stream++) {
          streams.get(stream).send("30 05 00 01 %02x 00 %02x".formatted('a' + stream, i));
        }
      }

      await().until(() -> quic.router.publishes().size() == 300);
      for (int stream = 0; stream < streams.size(); stream++) {
        String topic = String.valueOf((char) ('a' + stream));
        List<Integer> payloads =
            quic.router.publishes().stream()
                .filter(one -> one.getMessage().getTopic().equals(topic))
                .map(one -> (int) one.getMessage().getPayload().byteAt(0))
                .toList();
        assertEquals(IntStream.range(0, 100).boxed().toList(), payloads);
      }
    }
  }

  @Test
  void furtherStream_endedByTheClient_itsAnswersAndMessagesAreOnTheFirst() throws IOException {
    quic.router.holdPublishes();
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);
      Further further = client.further();
      subscribed(further, 1, 't');
      deliver('t');
      further.send(publish(1, 2, 'p', 1));
      await().until(() -> quic.router.publishes().size() == 1);

      further.end();

      assertEquals(delivery('t', 1), further.receive(DELIVERY_BYTES), "what was written comes");
      assertEquals("", further.receive(1), "and the end behind it");
      quic.router.succeeded(quic.router.publishes().getFirst().getSequence());
      assertEquals("40020002", client.receive());
      deliver('t');
      assertEquals(delivery('t', 2), client.receive());
      assertEquals(1, node.connections());
    }
  }

  @Test
  void furtherStream_resetInTheMiddleOfAPacket_theConnectionGoesOn() throws IOException {
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);
      Further further = client.further();
      subscribed(further, 1, 't');
      further.send("32 07 00 01");

      further.stream.resetStream(7);

      assertEquals("", further.receive(1));
      assertEquals(PINGRESP, client.send(PINGREQ));
      deliver('t');
      assertEquals(delivery('t', 1), client.receive());
      Further next = client.further();
      next.send(publish(1, 2, 'p', 1));
      assertEquals("40020002", next.receive(4));
      assertEquals(1, quic.router.publishes().size(), "half a packet is none");
    }
  }

  /** Its PUBACK may be lost with it, and would be waited for as long as the connection lasts. */
  @Test
  void furtherStream_resetAndItsMessageIsNotAcknowledged_theConnectionEndsInTime()
      throws IOException {
    quic.connectTimeout = QuicGateway.SHORT;
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);
      Further further = client.further();
      subscribed(further, 1, 't');
      deliver('t');
      assertEquals(delivery('t', 1), further.receive(DELIVERY_BYTES));

      further.stream.resetStream(7);

      assertEquals("e0028000", client.receive());
    }
  }

  /** There is one connection behind them, whose packets are handled one after the other. */
  @Test
  void access_hasNoAnswerForAPacketOfOneStream_allWaitUntilItIsGivenUp() throws IOException {
    quic.connectTimeout = QuicGateway.SHORT;
    quic.access.now(How.LATER);
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);
      Further one = client.further();
      Further other = client.further();
      one.send(publish(1, 1, 'p', 1));
      await().until(() -> quic.access.open.size() == 1);
      quic.access.now(How.GRANTS);

      other.send(publish(1, 2, 'q', 2));

      assertEquals("40020002", other.receive(4));
      assertTrue(quic.access.open.getFirst().isDone(), "it was given up before");
      assertEquals("4003000183", one.receive(5));
      assertEquals(List.of("publish p", "publish q"), quic.access.asked);
    }
  }

  /** What it was to get there, it will not: it has to know. */
  @Test
  void furtherStream_notReadByTheClientAnyMore_theConnectionEnds() throws IOException {
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);
      Further further = client.further();
      subscribed(further, 1, 't');

      further.stream.abortReading(7);
      assertEquals(PINGRESP, client.send(PINGREQ));
      deliver('t');

      assertEquals("e0028000", client.receive());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10 0e 00 04 4d 51 54 54 05 02 00 0a 00 00 01 62, 82",
    "c0 00, 82",
    "e0 00, 82",
    "f0 00, 82",
    "90 04 00 01 00 00, 82",
    "32 0a 00 01 70 00 02 03 23 00 01 6d, 94",
    "00 00, 81"
  })
  void furtherStream_packetThatHasNoPlaceThere_endsTheConnection(String packet, String reason)
      throws IOException {
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);

      client.further().send(packet);

      assertEquals("e002" + reason + "00", client.receive());
      assertEquals(0, quic.router.publishes().size());
    }
  }

  @Test
  void packetIdentifier_inUseOnAnotherStream_endsTheConnection() throws IOException {
    quic.router.holdPublishes();
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);
      client.further().send(publish(2, 1, 'p', 1));
      await().until(() -> quic.router.publishes().size() == 1);

      client.further().send(publish(2, 1, 'p', 2));

      assertEquals("e0028200", client.receive());
      assertEquals(1, quic.router.publishes().size());
    }
  }

  /** The receive maximum (10) is the connection's. */
  @Test
  void publishes_unacknowledgedOnAllStreams_areNoMoreThanTheReceiveMaximum() throws IOException {
    quic.router.holdPublishes();
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);
      List<Further> streams = List.of(client.further(), client.further());
      for (int packetId = 1; packetId <= 10; packetId++) {
        streams.get(packetId % 2).send(publish(1, packetId, 'p', 1));
      }
      await().until(() -> quic.router.publishes().size() == 10);

      streams.getFirst().send(publish(1, 11, 'p', 1));

      assertEquals("e0029300", client.receive());
    }
  }

  @Test
  void furtherStream_beforeConnectIsAnswered_waits() throws IOException {
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      Further further = client.further();
      further.send(subscribe(2, 't'));

      assertConnected(client);

      assertEquals(subAck(2), further.receive(6));
      further.send(publish(1, 1, 'p', 1));
      assertEquals("40020001", further.receive(4));
      deliver('t');
      assertEquals(delivery('t', 1), further.receive(DELIVERY_BYTES));
    }
  }

  /** The credit of streams is 32, so a client cannot even begin another. */
  @Test
  void streams_moreThanMayBe_areNotGrantedUntilOneEnds() throws Exception {
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);
      List<Further> streams = new ArrayList<>();
      for (int i = 1; i <= 31; i++) {
        Further further = client.further();
        streams.add(further);
        further.send(publish(1, i, 'p', 1));
        assertEquals("400200%02x".formatted(i), further.receive(4));
      }
      CompletableFuture<Further> oneMore = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  oneMore.complete(client.further());
                } catch (IOException e) {
                  oneMore.completeExceptionally(e);
                }
              });
      for (int i = 0; i < 10; i++) {
        assertEquals(PINGRESP, client.send(PINGREQ));
      }
      assertFalse(oneMore.isDone());
      assertEquals(31, quic.count("vmqtt.gateway.quic.streams"));

      streams.forEach(
          stream -> {
            try {
              stream.end();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      oneMore.get(10, TimeUnit.SECONDS).send(publish(1, 99, 'p', 1));
      assertEquals("40020063", oneMore.get().receive(4));
    }
  }

  /** The library keeps something of each. */
  @Test
  void streams_brokenOffWithoutEnd_areTheEndOfTheConnection() throws IOException {
    try (GatewayNode node = quic.node();
        KwikClient client = client(node)) {
      assertConnected(client);
      for (int i = 0; i < 1_000; i++) {
        client.further().stream.resetStream(7);
      }
      await().until(() -> quic.count("vmqtt.gateway.quic.streams") == 1_000);
      assertEquals(PINGRESP, client.send(PINGREQ));

      client.further().stream.resetStream(7);

      await().until(() -> node.connections() == 0);
    }
  }
}
