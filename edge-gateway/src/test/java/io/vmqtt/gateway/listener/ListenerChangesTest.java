package io.vmqtt.gateway.listener;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.machine.FileWatches;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.config.AccessMethods;
import io.vmqtt.gateway.config.ConnectRates;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.GatewayOptions;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import io.vmqtt.gateway.config.TransportConfig;
import io.vmqtt.gateway.config.WebSocketConfig;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.gateway.connection.ProtocolLevel;
import io.vmqtt.model.Namespace;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Listeners of a gateway that come, change and go while clients are there, on real sockets. */
class ListenerChangesTest {
  /** Of MQTT 5, client identifier "a". */
  private static final String CONNECT = "10 0e 00 04 4d 51 54 54 05 02 00 0a 00 00 01 61";

  /** Of MQTT 3.1.1, client identifier "b". */
  private static final String CONNECT_311 = "10 0d 00 04 4d 51 54 54 04 02 00 0a 00 01 62";

  private static final String PINGREQ = "c0 00";
  private static final String PINGRESP = "d000";
  private static final String ADMINISTRATIVE_ACTION = "e0029800";
  private static final String EXPIRY = "vmqtt.gateway.tls.certificate.seconds";
  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static final Limits LIMITS = limits(1 << 20);

  private final GatewayHarness harness = new GatewayHarness();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private final Logger log = (Logger) LoggerFactory.getLogger(GatewayNode.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicInteger lastClient = new AtomicInteger();

  @TempDir private Path folder;

  @BeforeEach
  void serve() {
    var _ = harness.router();
    lines.start();
    log.addAppender(lines);
  }

  private List<String> warnings() {
    return List.copyOf(lines.list).stream()
        .filter(line -> line.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @AfterEach
  void close() {
    log.detachAppender(lines);
    harness.close();
  }

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

  private static Option<?> option(String name) {
    return GatewayOptions.all().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** What nobody comes by any more goes soon. */
  private static GatewayConfig impatient() {
    return GatewayOptions.config(
        OptionValues.of(Map.of(GatewayOptions.PORT, "0", option("connect-timeout"), "100ms")));
  }

  private static ListenerConfig withPasswords(Path users) {
    return with(new AccessMethods(null, null, users, false, null), TransportConfig.TCP);
  }

  private static ListenerConfig with(AccessMethods methods, TransportConfig transport) {
    return new ListenerConfig(
        "plant", "127.0.0.1", 0, Namespace.NAMELESS, LIMITS, 0, methods, transport);
  }

  private TlsConfig tls(String name) {
    Signed server = AUTHORITY.sign(name);
    return new TlsConfig(
        server.certificateTo(folder.resolve(name + ".pem")),
        server.keyTo(folder.resolve(name + ".key")),
        null,
        ClientCertificates.NONE,
        null,
        null);
  }

  private static TransportConfig webSocket() {
    return new TransportConfig(List.of(), null, new WebSocketConfig("/mqtt", List.of()));
  }

  private static ListenerConfig tcp(String name, int port) {
    return with(name, port, "", TransportConfig.TCP);
  }

  private static ListenerConfig with(
      String name, int port, String namespace, TransportConfig transport) {
    return new ListenerConfig(
        name, "127.0.0.1", port, Namespace.of(namespace), LIMITS, 0, AccessMethods.NONE, transport);
  }

  private static Limits limits(int maxPacketBytes) {
    return new Limits(10, 10, 100, 1 << 20, 5, 0, maxPacketBytes);
  }

  private List<String> meters(String listener) {
    return registry.getMeters().stream()
        .filter(meter -> listener.equals(meter.getId().getTag("listener")))
        .map(meter -> meter.getId().getName())
        .toList();
  }

  private double connections(String listener) {
    return registry.get("vmqtt.gateway.connections").tag("listener", listener).gauge().value();
  }

  private GatewayNode node(ListenerConfig... others) throws IOException {
    return node(GatewayConfig.onPort(0).withListeners(List.of(others)));
  }

  private GatewayNode node(GatewayConfig config) throws IOException {
    GatewayNode node =
        new GatewayNode(
            config.withinFileLimit(1_000, 0),
            harness.discovery,
            harness.facts,
            Channels.IN_PROCESS,
            harness.ends(new Peer("another-gateway", 9, "t")),
            registry);
    await().until(node::isReady);
    return node;
  }

  private Socket connected(GatewayNode node, String listener) throws IOException {
    Socket socket = connect(node, listener);
    byte letter = (byte) ('A' + lastClient.incrementAndGet() % 26);
    String answer = send(socket, CONNECT.replace("61", HexFormat.of().toHexDigits(letter)));
    assertEquals("20", answer.substring(0, 2));
    return socket;
  }

  private static Socket connect(GatewayNode node, String listener) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port(listener));
    socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
    return socket;
  }

  private static SSLSocket secured(GatewayNode node) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            AUTHORITY
                .client(null)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), node.port("plant"));
    socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
    return socket;
  }

  private static String subject(SSLSocket client) throws IOException {
    return client.getSession().getPeerPrincipal().getName();
  }

  private static String send(Socket socket, String hex) throws IOException {
    socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
    return receive(socket);
  }

  /** What comes next, in hexadecimal digits; empty: the end. */
  private static String receive(Socket socket) throws IOException {
    byte[] answer = new byte[64];
    try {
      int length = socket.getInputStream().read(answer);
      return HexFormat.of().formatHex(answer, 0, Math.max(length, 0));
    } catch (SocketException | SSLHandshakeException _) {
      return "";
    }
  }
}
