package io.vmqtt.gateway.listener;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vmqtt.cluster.machine.FileWatches;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.config.AccessMethods;
import io.vmqtt.gateway.config.ConnectRates;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import io.vmqtt.gateway.config.TransportConfig;
import io.vmqtt.gateway.connection.ProtocolLevel;
import io.vmqtt.model.Namespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What holds at a listener, and for whom, when it is changed in its place. */
class ListenerTermsTest extends ChangingListeners {
  @Test
  void change_limits_holdForWhoComesThenAndNobodyHasToGo() throws IOException {
    String publish = "30 20 00 01 74 00" + " 61".repeat(28);
    try (GatewayNode node = node(tcp("plant", 0));
        Socket there = connected(node, "plant")) {
      int port = node.port("plant");

      ListenerConfig after =
          new ListenerConfig(
              "plant",
              "127.0.0.1",
              0,
              Namespace.NAMELESS,
              limits(20),
              2,
              AccessMethods.NONE,
              TransportConfig.TCP,
              Set.of(ProtocolLevel.MQTT_5));
      assertEquals(Map.of(), node.changeListeners(List.of(after)));

      assertEquals(port, node.port("plant"));
      try (Socket client = connect(node, "plant")) {
        assertEquals("20020001", send(client, CONNECT_311));
      }
      await().until(() -> connections("plant") == 1);
      try (Socket second = connected(node, "plant");
          Socket third = connect(node, "plant")) {
        assertEquals("", receive(third), "there are two already");
        assertEquals("e0029500", send(second, publish));
      }
      assertEquals(PINGRESP, send(there, publish + PINGREQ));
    }
  }

  @Test
  void change_rates_holdForWhoComesThen() throws IOException {
    try (GatewayNode node = node(tcp("plant", 0));
        Socket there = connected(node, "plant")) {
      ListenerConfig after =
          new ListenerConfig(
              "plant",
              "127.0.0.1",
              0,
              Namespace.NAMELESS,
              LIMITS,
              0,
              AccessMethods.NONE,
              TransportConfig.TCP,
              ProtocolLevel.ALL,
              new ConnectRates(1, 0));
      assertEquals(Map.of(), node.changeListeners(List.of(after)));

      List<String> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        try (Socket client = connect(node, "plant")) {
          answers.add(send(client, CONNECT));
        }
      }
      assertFalse(answers.getFirst().isEmpty());
      assertTrue(answers.contains(""), "none was turned away");
      assertEquals(PINGRESP, send(there, PINGREQ));
    }
  }

  @Test
  void change_access_holdsForWhoComesThen() throws IOException {
    Path users = Files.writeString(folder.resolve("users"), "");
    try (GatewayNode node = node(tcp("plant", 0));
        Socket there = connected(node, "plant")) {
      assertEquals(Map.of(), node.changeListeners(List.of(withPasswords(users))));

      assertEquals(PINGRESP, send(there, PINGREQ));
      try (Socket client = connect(node, "plant")) {
        assertEquals("2003008700", send(client, CONNECT));
      }
      assertEquals(Map.of(), node.changeListeners(List.of(tcp("plant", 0))));
      connected(node, "plant").close();
    }
  }

  /** Nobody has asked for its certificate, and its user had to be proved then. */
  @Test
  void change_certificatesInPlaceOfPasswords_whoHasShownNoneDoesNotComeIn() throws IOException {
    Path users = Files.writeString(folder.resolve("users"), "");
    TransportConfig without = TransportConfig.of(tls("broker"));
    ListenerConfig before = with(new AccessMethods(null, null, users, false, null), without);
    try (GatewayNode node = node(before);
        SSLSocket early = secured(node)) {
      early.startHandshake();

      TlsConfig files =
          new TlsConfig(
              folder.resolve("broker.pem"),
              folder.resolve("broker.key"),
              null,
              ClientCertificates.REQUIRED,
              AUTHORITY.certificateTo(folder.resolve("ca.pem")),
              null);
      assertEquals(
          Map.of(),
          node.changeListeners(List.of(with(AccessMethods.NONE, TransportConfig.of(files)))));

      assertTurnedAway(early, CONNECT);
    }
  }

  @Test
  void change_proxies_whomAnotherProxyHasNamedDoesNotComeIn() throws IOException {
    AccessMethods anybody = new AccessMethods(null, null, null, true, null);
    ListenerConfig before = with(anybody, new TransportConfig(List.of("127.0.0.0/8"), null, null));
    ListenerConfig after =
        with(anybody, new TransportConfig(List.of("127.0.0.0/8", "192.0.2.0/24"), null, null));
    byte[] header = "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n".getBytes(StandardCharsets.US_ASCII);
    String connect = HexFormat.of().formatHex(header) + CONNECT;
    try (GatewayNode node = node(before);
        Socket there = connect(node, "plant");
        Socket early = connect(node, "plant")) {
      assertEquals("20", send(there, connect).substring(0, 2));
      await().until(() -> connections("plant") == 2);
      early.getOutputStream().write(header);

      assertEquals(Map.of(), node.changeListeners(List.of(after)));

      assertTurnedAway(early, CONNECT.replace("61", "62"));
      assertEquals(PINGRESP, send(there, PINGREQ));
      try (Socket late = connect(node, "plant")) {
        assertEquals("20", send(late, connect.replace("0161", "0162")).substring(0, 2));
      }
    }
  }

  private static void assertTurnedAway(Socket client, String connect) throws IOException {
    String answer = send(client, connect);
    assertTrue(answer.isEmpty() || answer.equals("2003008800"), answer);
  }

  /** Rates have nothing to do with how clients come: what they have of TLS is good. */
  @Test
  void change_ratesOfTls_whoIsOnTheWayComesIn() throws IOException {
    TransportConfig tls = TransportConfig.of(tls("broker"));
    ListenerConfig after =
        new ListenerConfig(
            "plant",
            "127.0.0.1",
            0,
            Namespace.NAMELESS,
            LIMITS,
            0,
            AccessMethods.NONE,
            tls,
            ProtocolLevel.ALL,
            new ConnectRates(100, 0));
    try (GatewayNode node = node(with("plant", 0, "", tls));
        SSLSocket early = secured(node)) {
      early.startHandshake();

      assertEquals(Map.of(), node.changeListeners(List.of(after)));

      assertEquals("20", send(early, CONNECT).substring(0, 2));
    }
  }

  @Test
  void change_certificatesAndWhatIsNotNeededIsLetGo_expiryIsMeasured() throws IOException {
    ListenerConfig goes = with("goes", 0, "", TransportConfig.of(tls("broker")));
    ListenerConfig before = with("plant", 0, "", TransportConfig.of(tls("one")));
    TransportConfig two = TransportConfig.of(tls("two"));
    try (GatewayNode node = node(impatient().withListeners(List.of(before, goes)));
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertEquals(Map.of(), node.changeListeners(List.of(with("plant", 0, "", two))));
      await().until(() -> !meters("goes").contains(EXPIRY));
      assertTrue(meters("plant").contains(EXPIRY), "what is new there is measured");

      assertEquals(Map.of(), node.changeListeners(List.of(with("plant", 0, "", two), goes)));
      ListenerConfig elsewhere = with("plant", taken.getLocalPort(), "", two);
      assertEquals(Set.of("plant"), node.changeListeners(List.of(elsewhere)).keySet());
      await().until(() -> !meters("goes").contains(EXPIRY));
      assertTrue(meters("plant").contains(EXPIRY), "what stayed there is measured");
    }
  }

  /** Those who are on the way have longer than that. */
  @Test
  void change_certificatesOrTheEnd_thoseOfBeforeAreNotLookedAtAnyMore() throws IOException {
    ListenerConfig goes = with("goes", 0, "", TransportConfig.of(tls("broker")));
    ListenerConfig before = with("plant", 0, "", TransportConfig.of(tls("one")));
    try (GatewayNode node = node(before, goes)) {
      assertTrue(meters("goes").contains(EXPIRY));
      ListenerConfig after = with("plant", 0, "", TransportConfig.of(tls("two")));

      assertEquals(Map.of(), node.changeListeners(List.of(after)));

      assertFalse(meters("goes").contains(EXPIRY), "it is looked at");
      assertTrue(meters("plant").contains(EXPIRY));
      assertEquals(Map.of(), node.changeListeners(List.of(tcp("plant", 0))));
      assertFalse(meters("plant").contains(EXPIRY), "it is looked at");
    }
  }

  @Test
  void change_accessThatCannotBe_isSaidAndNothingChanges() throws IOException {
    Path users = folder.resolve("nobody-wrote-it");
    ListenerConfig plant = tcp("plant", 0);
    try (GatewayNode node = node(plant);
        Socket there = connected(node, "plant")) {
      Map<String, String> failures = node.changeListeners(List.of(withPasswords(users)));

      assertEquals(
          Map.of("plant", "listener plant: " + users + ": there is no such file"), failures);
      connected(node, "plant").close();
      assertEquals(PINGRESP, send(there, PINGREQ));

      Files.writeString(users, "");
      assertEquals(Map.of(), node.changeListeners(List.of(withPasswords(users))));
      try (Socket client = connect(node, "plant")) {
        assertEquals("2003008700", send(client, CONNECT));
      }
    }
  }

  @Test
  void change_certificates_areShownToWhoComesThen() throws IOException {
    try (GatewayNode node = node(with("plant", 0, "", TransportConfig.of(tls("one"))));
        SSLSocket there = secured(node)) {
      assertEquals("20", send(there, CONNECT).substring(0, 2));
      int port = node.port("plant");

      ListenerConfig after = with("plant", 0, "", TransportConfig.of(tls("two")));
      assertEquals(Map.of(), node.changeListeners(List.of(after)));

      assertEquals(port, node.port("plant"));
      try (SSLSocket client = secured(node)) {
        assertEquals("20", send(client, CONNECT.replace("61", "62")).substring(0, 2));
        assertEquals("CN=two", subject(client));
      }
      assertEquals(PINGRESP, send(there, PINGREQ));
      assertEquals("CN=one", subject(there));

      TlsConfig lost =
          new TlsConfig(
              folder.resolve("lost"),
              folder.resolve("lost"),
              null,
              ClientCertificates.NONE,
              null,
              null);
      Map<String, String> failures =
          node.changeListeners(List.of(with("plant", 0, "", TransportConfig.of(lost))));

      assertTrue(
          failures.getOrDefault("plant", "").startsWith("listener plant: "), failures::toString);
      assertTrue(failures.getOrDefault("plant", "").contains("lost"), failures::toString);
      try (SSLSocket client = secured(node)) {
        assertEquals("20", send(client, CONNECT.replace("61", "62")).substring(0, 2));
      }
      assertTrue(registry.get(EXPIRY).tag("listener", "plant").gauge().value() > 0);
    }
  }

  /** Files that nobody needs may go: nobody complains of them, and nothing is measured of them. */
  @Test
  void change_whatIsNotNeededAnyMore_isLetGo() throws IOException {
    Path users = Files.writeString(folder.resolve("users"), "");
    ListAppender<ILoggingEvent> ofFiles = new ListAppender<>();
    ofFiles.start();
    Logger files = (Logger) LoggerFactory.getLogger(FileWatches.class);
    files.addAppender(ofFiles);
    ListenerConfig secure = with("tls", 0, "", TransportConfig.of(tls("broker")));
    try (GatewayNode node =
        node(impatient().withListeners(List.of(withPasswords(users), secure)))) {
      assertEquals(
          Map.of(), node.changeListeners(List.of(tcp("plant", 0), tcp("tls", 0), tcp("c", 0))));

      await().until(() -> registry.find(EXPIRY).gauge() == null);
      Path file = Files.writeString(folder.resolve("others"), "");
      assertEquals(Map.of(), node.changeListeners(List.of(withPasswords(file))));
      Files.delete(users);
      Files.delete(file);
      await().until(() -> !ofFiles.list.isEmpty());
      assertEquals(
          List.of(file + ": there is no such file; what it had before holds"),
          ofFiles.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
    } finally {
      files.detachAppender(ofFiles);
    }
  }
}
