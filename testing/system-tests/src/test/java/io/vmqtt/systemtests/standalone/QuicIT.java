package io.vmqtt.systemtests.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.client.LastWill;
import io.vmqtt.testkit.client.Receipt;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.quic.KwikClient;
import io.vmqtt.testkit.quic.KwikSockets;
import io.vmqtt.testkit.quic.QuicSockets;
import io.vmqtt.testkit.raw.RawClient;
import io.vmqtt.testkit.raw.RawConnect;
import io.vmqtt.testkit.raw.RawConnection;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * QUIC with clients whose QUIC and whose MQTT others wrote, kwik or ngtcp2 below Eclipse Paho,
 * beside clients of TCP. Paho has one stream, so several of them are spoken on by the testkit's own
 * client, over kwik.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class QuicIT {
  private static final int MESSAGES = 100;
  private static final Address QUIC = Address.local(FreePorts.next());
  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static final Signed SERVER = AUTHORITY.sign("broker");
  private static final Path FOLDER = folder();
  private static final Path PROGRAM = FOLDER.resolve("quic_pipe");
  private static final Path CA = AUTHORITY.certificateTo(FOLDER.resolve("ca.pem"));

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
          "--listeners",
          "quic=%s transport=quic certificate=%s key=%s"
              .formatted(
                  QUIC,
                  SERVER.certificateTo(FOLDER.resolve("certificate.pem")),
                  SERVER.keyTo(FOLDER.resolve("key.pem"))));

  @RegisterExtension final Clients clients = new Clients();
  private final String topic = Names.topic();

  private static Path folder() {
    try {
      return Files.createTempDirectory("quic");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void deleteFiles() throws IOException {
    for (String file : List.of("certificate.pem", "key.pem", "ca.pem", "quic_pipe", "")) {
      Files.deleteIfExists(FOLDER.resolve(file));
    }
  }

  /** A stack of QUIC. */
  enum Stack {
    /** In Java. */
    KWIK {
      @Override
      QuicSockets sockets() {
        return new KwikSockets(AUTHORITY);
      }
    },
    /** In C, with GnuTLS; when it goes to another port it takes another connection identifier. */
    NGTCP2 {
      @Override
      QuicSockets sockets() throws IOException {
        if (!Files.exists(PROGRAM)) {
          PipeSockets.compile(PROGRAM);
        }
        return new PipeSockets(PROGRAM, CA);
      }
    };

    abstract QuicSockets sockets() throws IOException;
  }

  private static ClientSettings over(QuicSockets sockets) {
    return ClientSettings.of(QUIC, Names.client("quic")).over(sockets);
  }

  private RecordingClient connected(ClientLibrary library, ClientSettings settings) {
    RecordingClient client = clients.create(library, settings);
    client.connect();
    return client;
  }

  private RecordingClient overTcp() {
    return clients.connect(ClientLibrary.HIVEMQ_5, broker.mqtt());
  }

  @ParameterizedTest
  @CsvSource({"KWIK, PAHO_3", "KWIK, PAHO_5", "NGTCP2, PAHO_3", "NGTCP2, PAHO_5"})
  void messages_atEachQosAndOfAnySize_passBetweenQuicAndTcp(Stack stack, ClientLibrary library)
      throws IOException {
    RecordingClient quic = connected(library, over(stack.sockets()));
    RecordingClient tcp = overTcp();
    quic.subscribe(topic + "/down", 2);
    tcp.subscribe(topic + "/up", 2);
    List<String> payloads = List.of("", "small", "l".repeat(300_000));
    List<String> expected = new ArrayList<>();
    List<Integer> qos = new ArrayList<>();
    for (String payload : payloads) {
      for (int level = 0; level <= 2; level++) {
        expected.add(payload + level);
        qos.add(level);
        tcp.publish(topic + "/down", payload + level, level);
        quic.publish(topic + "/up", payload + level, level);
        quic.inbox().awaitCount(expected.size()); // what is at QoS 0 might be dropped else
      }
    }

    for (RecordingClient client : List.of(quic, tcp)) {
      client.inbox().awaitExactly(expected);
      assertEquals(qos, client.inbox().all().stream().map(Receipt::qos).toList());
    }
  }

  @Test
  void will_isPublishedWhereTheClientGoesWithoutDisconnect() {
    RecordingClient tcp = overTcp();
    tcp.subscribe(topic, 1);
    KwikSockets sockets = new KwikSockets(AUTHORITY);

    connected(ClientLibrary.PAHO_5, over(sockets).withWill(new LastWill(topic, "left", 1, false)))
        .disconnect();
    connected(ClientLibrary.PAHO_5, over(sockets).withWill(new LastWill(topic, "gone", 1, false)));
    sockets.last().leave();

    tcp.inbox().awaitExactly(List.of("gone"));
  }

  /** The subscriber is away, and the publisher is there, and neither hears of the end. */
  @ParameterizedTest
  @CsvSource({"NGTCP2, 1", "NGTCP2, 2"})
  void kill_sessionsAndAcknowledgedMessages_areKept(Stack stack, int qos) throws IOException {
    broker.process();
    QuicSockets sockets = stack.sockets();
    RecordingClient quic = connected(ClientLibrary.PAHO_5, over(sockets).withPersistentSession());
    quic.subscribe(topic + "/down", qos);
    RecordingClient tcp =
        connected(
            ClientLibrary.HIVEMQ_5,
            ClientSettings.of(broker.mqtt(), Names.client("tcp")).withPersistentSession());
    tcp.subscribe(topic + "/up", qos);
    tcp.publish(topic + "/down", "before", qos);
    quic.inbox().awaitExactly(List.of("before"));
    tcp.disconnect();
    publish(quic, topic + "/up", qos);
    quic.disconnect();
    RecordingClient there = connected(ClientLibrary.PAHO_5, over(sockets).withPersistentSession());
    there.subscribe(topic + "/down", qos);
    publish(overTcp(), topic + "/down", qos);

    broker.process().kill();
    broker.start();

    assertTrue(quic.connect(), "its session is there");
    List<String> expected = new ArrayList<>(numbers());
    expected.addFirst("before");
    quic.inbox().awaitExactly(expected);
    assertTrue(tcp.connect(), "its session is there");
    tcp.inbox().awaitExactly(numbers());
    there.disconnect(); // from a broker that is no more
    assertTrue(there.connect(), "its session is there");
    there.inbox().awaitPayload(String.valueOf(MESSAGES));
    overTcp().publish(topic + "/down", "after", qos);
    there.inbox().awaitPayload("after");
    quic.inbox().awaitPayload("after");
  }

  private static void publish(RecordingClient publisher, String topic, int qos) {
    numbers().forEach(number -> publisher.publish(topic, number, qos));
  }

  private static List<String> numbers() {
    return IntStream.rangeClosed(1, MESSAGES).mapToObj(String::valueOf).toList();
  }

  @ParameterizedTest
  @EnumSource(names = "NGTCP2")
  void client_goesOnFromOtherPorts_hearsAndSaysEverythingInOrder(Stack stack) throws IOException {
    QuicSockets sockets = stack.sockets();
    RecordingClient quic = connected(ClientLibrary.PAHO_5, over(sockets));
    RecordingClient tcp = overTcp();
    quic.subscribe(topic + "/down", 1);
    tcp.subscribe(topic + "/up", 2);
    double expected = moved();
    for (String number : numbers()) {
      var _ = tcp.publishAsync(topic + "/down", number, 1, false);
      if (number.endsWith("5")) {
        sockets.move();
        expected++;
      }
      quic.publish(topic + "/up", number, 2);
    }

    quic.inbox().awaitExactly(numbers());
    tcp.inbox().awaitExactly(numbers());
    await().until(QuicIT::moved, Predicate.isEqual(expected)); // the last may be late
    assertEquals(1, quic.connections(), "it did not have to connect again");
  }

  private static double moved() {
    return HttpProbe.get(broker.http(), "/prometheus")
        .lines()
        .filter(line -> line.startsWith("vmqtt_gateway_quic_connections_moved_total{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void streams_eachHasItsOwnSubscriptionsAndOrder() throws IOException {
    RecordingClient tcp = overTcp();
    tcp.subscribe(topic + "/up", 2);
    try (KwikClient client = KwikClient.connect(QUIC.port(), AUTHORITY)) {
      RawClient first =
          RawConnect.clean(5, Names.client("quic")).open(RawConnection.over(client.socket()));
      RawClient one = first.beside(RawConnection.over(client.furtherSocket()), 1_000);
      RawClient other = first.beside(RawConnection.over(client.furtherSocket()), 2_000);
      List<RawClient> streams = List.of(first, one, other);
      for (RawClient stream : streams) {
        stream.subscribe(topic + "/" + streams.indexOf(stream), 2);
      }
      for (String number : numbers()) {
        for (int i = 0; i < streams.size(); i++) {
          var _ = tcp.publishAsync(topic + "/" + i, i + ":" + number, 1 + i % 2, false);
        }
      }

      for (String number : numbers()) {
        for (int i = streams.size() - 1; i >= 0; i--) { // they share one window
          assertEquals(i + ":" + number, streams.get(i).receivePayload());
        }
      }
      for (int qos = 0; qos <= 2; qos++) {
        for (int i = 0; i < streams.size(); i++) {
          streams.get(i).publish(topic + "/up", qos + ":" + i, qos);
          tcp.inbox().awaitPayload(qos + ":" + i);
        }
      }
      other.close();
      tcp.publish(topic + "/2", "behind its end", 1);
      assertEquals("behind its end", first.receivePayload());
    }
  }
}
