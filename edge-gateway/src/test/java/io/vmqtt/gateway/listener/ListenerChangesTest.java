package io.vmqtt.gateway.listener;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.operation.GatewayOperations;
import io.vmqtt.cluster.operation.ListenerInfo;
import io.vmqtt.cluster.operation.ListenerList;
import io.vmqtt.cluster.operation.Nothing;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.GatewayOptions;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.config.TransportConfig;
import io.vmqtt.model.Namespace;
import io.vmqtt.testkit.net.FreePorts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Listeners that come, go and move. */
class ListenerChangesTest extends ChangingListeners {
  @Test
  void change_oneMore_isThereAndTheOthersAreNotTouched() throws IOException {
    ListenerConfig first = tcp("first", 0);
    AtomicInteger told = new AtomicInteger();
    try (GatewayNode node = node(first);
        Socket atDefault = connected(node, "default");
        Socket atFirst = connected(node, "first")) {
      node.whenListenersChange(told::incrementAndGet);
      int port = node.port("first");

      assertEquals(Map.of(), node.changeListeners(List.of(first, tcp("second", 0))));

      try (Socket atSecond = connected(node, "second")) {
        assertEquals(PINGRESP, send(atSecond, PINGREQ));
      }
      assertEquals(PINGRESP, send(atDefault, PINGREQ));
      assertEquals(PINGRESP, send(atFirst, PINGREQ));
      assertEquals(port, node.port("first"));
      assertEquals(Set.of("default", "first", "second"), node.ports().keySet());
      assertEquals(1, told.get());
    }
  }

  @Test
  void change_oneLess_itsClientsAreToldAndItIsGone() throws IOException {
    int port = FreePorts.next();
    ListenerConfig stays = tcp("stays", 0);
    try (GatewayNode node = node(stays, tcp("goes", port));
        Socket atStays = connected(node, "stays");
        Socket atGoes = connected(node, "goes");
        Socket silent = connect(node, "goes");
        Socket ofVersion3 = connect(node, "goes")) {
      assertEquals("20020000", send(ofVersion3, CONNECT_311));

      assertEquals(Map.of(), node.changeListeners(List.of(stays)));

      assertEquals(ADMINISTRATIVE_ACTION, receive(atGoes));
      assertEquals("", receive(atGoes));
      assertEquals("", receive(ofVersion3));
      assertEquals("", receive(silent));
      assertEquals(PINGRESP, send(atStays, PINGREQ));
      assertThrows(
          ConnectException.class, () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
      assertEquals(Set.of("default", "stays"), node.ports().keySet());
      assertTrue(meters("goes").isEmpty(), () -> "still measured: " + meters("goes"));
      assertFalse(meters("stays").isEmpty());
    }
  }

  @Test
  void change_networkThatIsNone_isSaidAndTheOthersAreThere() throws IOException {
    ListenerConfig plant = tcp("plant", 0);
    TransportConfig none = new TransportConfig(List.of("10.0.0.0/99"), null, null);
    try (GatewayNode node = node(plant)) {
      Map<String, String> failures =
          node.changeListeners(
              List.of(with("plant", 0, "", none), with("new", 0, "", none), tcp("other", 0)));

      assertEquals(Set.of("plant", "new"), failures.keySet());
      assertEquals(Set.of("default", "plant", "other"), node.ports().keySet());
      connected(node, "plant").close();
      connected(node, "other").close();
    }
  }

  private static ListenerList asked(GatewayNode node) {
    return node.answers().ask(GatewayOperations.LISTENERS, Nothing.MORE).join();
  }

  private static ListenerInfo named(ListenerList list, String name) {
    return list.listeners().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void listeners_asked_areThoseThatAreThereAndWhatFails() throws IOException {
    ListenerConfig full =
        new ListenerConfig("full", "127.0.0.1", 0, Namespace.of("tenant"), LIMITS, 1);
    ListenerConfig secure = with("secure", 0, "", TransportConfig.of(tls("broker")));
    TransportConfig none = new TransportConfig(List.of("10.0.0.0/99"), null, null);
    try (GatewayNode node = node(full, secure);
        Socket _ = connected(node, "full")) {
      ListenerList list = asked(node);

      assertEquals(
          List.of("default", "full", "secure"),
          list.listeners().stream().map(ListenerInfo::name).toList());
      ListenerInfo there = named(list, "full");
      assertEquals(
          new ListenerInfo(
              "full", "127.0.0.1", node.port("full"), "tcp", "tenant", 1, 1, false, null),
          there);
      ListenerInfo ofTls = named(list, "secure");
      assertEquals("tls", ofTls.transport());
      assertTrue(ofTls.accepting());
      String expires = String.valueOf(ofTls.certificateExpires());
      assertTrue(Instant.parse(expires).isAfter(Instant.now()), expires);
      assertEquals(List.of(), list.failures());
      assertNull(list.file());

      assertEquals(
          Set.of("new"), node.changeListeners(List.of(full, with("new", 0, "", none))).keySet());
      assertEquals("new", asked(node).failures().getFirst().listener());
      assertEquals(Map.of(), node.changeListeners(List.of(full)));
      assertEquals(List.of(), asked(node).failures());
      assertEquals(2, asked(node).listeners().size());
    }
  }

  @Test
  void change_address_isAnotherListener() throws IOException {
    int before = FreePorts.next();
    int after = FreePorts.next();
    try (GatewayNode node = node(tcp("plant", before));
        Socket there = connected(node, "plant")) {
      assertEquals(Map.of(), node.changeListeners(List.of(tcp("plant", after))));

      assertEquals(ADMINISTRATIVE_ACTION, receive(there));
      assertEquals(after, node.port("plant"));
      connected(node, "plant").close();
      assertThrows(
          ConnectException.class,
          () -> new Socket(InetAddress.getLoopbackAddress(), before).close());
    }
  }

  @Test
  void change_twoChangePlaces_bothAreThere() throws IOException {
    int one = FreePorts.next();
    int two = FreePorts.next();
    try (GatewayNode node = node(tcp("a", one), tcp("b", two))) {
      assertEquals(Map.of(), node.changeListeners(List.of(tcp("a", two), tcp("b", one))));

      assertEquals(two, node.port("a"));
      assertEquals(one, node.port("b"));
      connected(node, "a").close();
      connected(node, "b").close();
    }
  }

  @Test
  void change_transportOrNamespace_isAnotherListenerAtTheSameAddress() throws IOException {
    int port = FreePorts.next();
    ListenerConfig plain = tcp("plant", port);
    try (GatewayNode node = node(plain)) {
      for (ListenerConfig other :
          List.of(
              with("plant", port, "tenant", TransportConfig.TCP),
              with("plant", port, "", webSocket()),
              with("plant", port, "", TransportConfig.of(tls("broker"))))) {
        try (Socket there = connected(node, "plant")) {
          assertEquals(Map.of(), node.changeListeners(List.of(other)));

          assertEquals(ADMINISTRATIVE_ACTION, receive(there));
          assertEquals(port, node.port("plant"));
          assertEquals(Map.of(), node.changeListeners(List.of(plain)));
        }
      }
      connected(node, "plant").close();
    }
  }

  @Test
  void change_oneThatCannotListen_isSaidAndTheOthersAreThere() throws IOException {
    int before = FreePorts.next();
    int port = FreePorts.next();
    try (GatewayNode node = node(tcp("moves", before));
        Socket there = connected(node, "moves")) {
      Map<String, String> failures;
      try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        failures =
            node.changeListeners(List.of(tcp("new", port), tcp("moves", port), tcp("other", 0)));
      }

      assertEquals(Set.of("new", "moves"), failures.keySet());
      String why = "cannot listen for MQTT on 127.0.0.1:" + port + ": ";
      assertTrue(
          failures.getOrDefault("new", "").startsWith("listener new: " + why), failures::toString);
      assertTrue(
          failures.getOrDefault("moves", "").startsWith("listener moves: " + why),
          failures::toString);
      assertEquals(Set.of("default", "moves", "other"), node.ports().keySet());
      assertTrue(meters("new").isEmpty());
      assertEquals(before, node.port("moves"), "it is where it was");
      assertEquals(PINGRESP, send(there, PINGREQ));
      connected(node, "moves").close();
      connected(node, "other").close();

      assertEquals(Map.of(), node.changeListeners(List.of(tcp("new", port), tcp("other", 0))));
      connected(node, "new").close();
      assertEquals(ADMINISTRATIVE_ACTION, receive(there));
    }
  }

  /** Whoever wants the place of one that cannot move does not get it, in whatever order. */
  @Test
  void change_oneCannotMoveAndAnotherWantsItsPlace_itStaysWithItsClients() throws IOException {
    int place = FreePorts.next();
    try (GatewayNode node = node(tcp("a", place));
        Socket there = connected(node, "a");
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ListenerConfig a = tcp("a", taken.getLocalPort());
      for (List<ListenerConfig> wanted :
          List.of(List.of(tcp("b", place), a), List.of(a, tcp("b", place)))) {
        assertEquals(Set.of("a", "b"), node.changeListeners(wanted).keySet());

        assertEquals(Set.of("default", "a"), node.ports().keySet());
        assertEquals(place, node.port("a"));
        assertEquals(PINGRESP, send(there, PINGREQ));
        connected(node, "a").close();
      }
    }
  }

  @Test
  void change_whatCannotBeTogether_isRefusedAsAWhole() throws IOException {
    try (GatewayNode node = node(tcp("plant", 0))) {
      assertThrows(
          OptionException.class, () -> node.changeListeners(List.of(tcp("a", 0), tcp("a", 0))));
      assertThrows(OptionException.class, () -> node.changeListeners(List.of(tcp("default", 0))));

      assertEquals(Set.of("default", "plant"), node.ports().keySet());
    }
  }

  @Test
  void file_changes_isFollowedAndAMistakeInItIsNot() throws IOException {
    Path file = folder.resolve("listeners.yaml");
    Files.writeString(file, "plant: {address: 127.0.0.1:0}");
    GatewayConfig config =
        GatewayOptions.config(
            OptionValues.of(
                Map.of(
                    GatewayOptions.PORT,
                    "0",
                    option("listeners"),
                    "ops=127.0.0.1:0",
                    option("listeners-file"),
                    file.toString())));
    try (GatewayNode node = node(config);
        Socket there = connected(node, "plant")) {
      Files.writeString(file, "plant: {address: 127.0.0.1:0}\nother: {address: 127.0.0.1:0}\n");
      await().until(() -> node.ports().containsKey("other"));
      assertEquals(PINGRESP, send(there, PINGREQ));

      Files.writeString(file, "other: {address: nowhere}\n");
      await().until(() -> !warnings().isEmpty());
      assertEquals(
          List.of(
              "the listeners stay as they are: vmqtt.gateway.listeners-file: "
                  + file
                  + ", line 1: other: 'nowhere' is not HOST:PORT"),
          warnings());
      assertEquals(Set.of("default", "ops", "plant", "other"), node.ports().keySet());

      Files.writeString(file, "third: {address: 127.0.0.1:0}\n");
      await().until(() -> node.ports().containsKey("third"));
      assertEquals(Set.of("default", "ops", "third"), node.ports().keySet());
      assertEquals(ADMINISTRATIVE_ACTION, receive(there));
    }
  }
}
