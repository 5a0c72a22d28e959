package io.vmqtt.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.gateway.connection.ProtocolLevel;
import io.vmqtt.gateway.connection.TopicLimits;
import io.vmqtt.model.Namespace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Listeners as an operator writes them. */
class ListenerOptionsTest {

  @Test
  void listeners_nothingSet_onlyTheDefault() {
    assertEquals(1, config("").listeners().size());
    assertEquals(1, config(" ; ").listeners().size());
  }

  @Test
  void listeners_addressAlone_allElseIsThatOfTheGateway() {
    GatewayConfig config = config("plant=127.0.0.1:1884;v6=[::1]:0");

    assertEquals(
        List.of(
            new ListenerConfig("plant", "127.0.0.1", 1884, Namespace.NAMELESS, config.limits(), 0),
            new ListenerConfig("v6", "::1", 0, Namespace.NAMELESS, config.limits(), 0)),
        config.otherListeners());
    assertEquals(77, config.limits().receiveMaximum());
  }

  @Test
  void listeners_everythingSet_isWhatIsSet() {
    GatewayConfig config =
        config(
            " plant=localhost:1884 namespace=plant-1 max-connections=7 max-packet-size=4k"
                + " receive-maximum=11 max-in-flight=12 max-queued-messages=13"
                + " max-queued-bytes=130 topic-alias-maximum=14 max-keep-alive=15s"
                + " max-topic-levels=21 max-topic-bytes=22 max-filters=23 max-subscriptions=24 ;");

    assertEquals(
        List.of(
            new ListenerConfig(
                "plant",
                "localhost",
                1884,
                Namespace.of("plant-1"),
                new Limits(11, 12, 13, 130, 14, 15, 4096, new TopicLimits(21, 22, 23, 24)),
                7)),
        config.otherListeners());
  }

  @Test
  void listeners_rates_areThoseOfTheGatewayWhereNothingElseIsSaid() {
    GatewayConfig config =
        GatewayOptions.config(
            OptionValues.of(
                Map.of(
                    GatewayOptions.MAX_CONNECT_RATE,
                    "5",
                    GatewayOptions.MAX_ADDRESS_CONNECT_RATE,
                    "6",
                    GatewayOptions.LISTENERS,
                    "a=localhost:1884; b=localhost:1885 max-connect-rate=7"
                        + " max-address-connect-rate=8")));

    assertEquals(
        List.of(new ConnectRates(5, 6), new ConnectRates(5, 6), new ConnectRates(7, 8)),
        config.listeners().stream().map(ListenerConfig::rates).toList());
  }

  @Test
  void listeners_ofTls_haveTheirFiles() {
    assertEquals(
        List.of(
            new TlsConfig(
                Path.of("/c.pem"), Path.of("k.pem"), null, ClientCertificates.NONE, null, null),
            new TlsConfig(
                Path.of("c"),
                Path.of("k"),
                Path.of("p"),
                ClientCertificates.REQUIRED,
                Path.of("a"),
                Path.of("r"))),
        config(
                "one=127.0.0.1:1 transport=tls certificate=/c.pem key=k.pem;"
                    + " two=127.0.0.1:2 transport=TLS certificate=c key=k key-passphrase-file=p"
                    + " client-certificates=required client-ca=a client-crl=r")
            .otherListeners()
            .stream()
            .map(listener -> listener.transport().tls())
            .toList());
    assertNotNull(
        config(
                "one=0.0.0.0:1 transport=tls certificate=c key=k client-certificates=required"
                    + " client-ca=a")
            .otherListeners()
            .getFirst()
            .transport()
            .tls());
    assertEquals(
        TransportConfig.TCP,
        config("one=127.0.0.1:1 transport=tcp").otherListeners().getFirst().transport());
  }

  @Test
  void listeners_ofQuic_haveTheFilesOfTls() {
    assertEquals(
        TransportConfig.quic(
            new TlsConfig(
                Path.of("c"), Path.of("k"), null, ClientCertificates.REQUIRED, Path.of("a"), null)),
        config(
                "one=0.0.0.0:1 transport=quic certificate=c key=k client-certificates=required"
                    + " client-ca=a")
            .otherListeners()
            .getFirst()
            .transport());
  }

  @Test
  void listeners_versions_areThoseThatTheyTake() {
    assertEquals(
        List.of(ProtocolLevel.ALL, Set.of(ProtocolLevel.MQTT_3_1, ProtocolLevel.MQTT_5)),
        config("one=127.0.0.1:1; two=127.0.0.1:2 versions=5,3.1").otherListeners().stream()
            .map(ListenerConfig::levels)
            .toList());
  }

  @Test
  void listeners_ofWebSocketsAndBehindProxies_haveTheirWords() {
    assertEquals(
        List.of(
            new TransportConfig(List.of(), null, new WebSocketConfig("/mqtt", List.of())),
            new TransportConfig(List.of(), null, new WebSocketConfig("/mqtt", List.of(), 2053)),
            new TransportConfig(
                List.of("10.0.0.0/8", "fd00::/8"),
                new TlsConfig(
                    Path.of("c"), Path.of("k"), null, ClientCertificates.NONE, null, null),
                new WebSocketConfig("/x", List.of("https://a.example", "http://b:8080")))),
        config(
                "one=127.0.0.1:1 transport=ws deflate=false;"
                    + " packed=127.0.0.1:3 transport=ws deflate=true max-packet-size=2k;"
                    + " two=127.0.0.1:2 transport=wss certificate=c key=k path=/x"
                    + " allowed-origins=https://a.example,http://b:8080"
                    + " proxy-protocol-from=10.0.0.0/8,fd00::/8 allow-anonymous=true")
            .otherListeners()
            .stream()
            .map(ListenerConfig::transport)
            .toList());
  }

  @Test
  void listeners_usersOfProxies_areEnoughToLetSomebodyIn() {
    AccessMethods methods =
        config(
                "p=0.0.0.0:1 proxy-protocol-from=10.0.0.0/8 proxy-certificate-users=true"
                    + " certificate-pattern=(.+)[.]plant")
            .otherListeners()
            .getFirst()
            .methods();

    assertEquals("(.+)[.]plant", methods.proxied());
    assertTrue(methods.areSet());
    assertNull(
        config("p=127.0.0.1:1 proxy-certificate-users=false")
            .otherListeners()
            .getFirst()
            .methods()
            .proxied());
  }

  @Test
  void listeners_passwordsOfTheirOwn_beatThoseOfTheGateway() {
    GatewayConfig config =
        GatewayOptions.config(
            OptionValues.of(
                Map.of(
                    GatewayOptions.PASSWORDS,
                    "users",
                    GatewayOptions.LISTENERS,
                    "a=0.0.0.0:1;b=0.0.0.0:2 passwords=others;c=0.0.0.0:3 allow-anonymous=true")));

    assertEquals(
        List.of(
            new AccessMethods(null, null, Path.of("users"), false, null),
            new AccessMethods(null, null, Path.of("users"), false, null),
            new AccessMethods(null, null, Path.of("others"), false, null),
            new AccessMethods(null, null, Path.of("users"), true, null)),
        config.listeners().stream().map(ListenerConfig::methods).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plant             | : 'plant' is not NAME=HOST:PORT",
        "plant=1884        | : 'plant=1884' is not NAME=HOST:PORT",
        "=host:1884        | : '=host:1884' is not NAME=HOST:PORT",
        "plant=:1884       | : 'plant=:1884' is not NAME=HOST:PORT",
        "p=0.0.0.0:1 | : p: host: others can reach 0.0.0.0, and nothing says who may come in: give"
            + " --passwords FILE, or let everybody in on purpose with --allow-anonymous",
        "p=0.0.0.0:1 transport=tls certificate=c key=k client-certificates=optional client-ca=a | : p:"
            + " host: others can reach 0.0.0.0, and nothing says who may come in: give --passwords"
            + " FILE, or let everybody in on purpose with --allow-anonymous",
        "p=127.0.0.1:1 proxy-protocol-from=10.0.0.0/8 | : p: others can come through the proxies, and"
            + " nothing says who may: give passwords=FILE, or let everybody in on purpose with"
            + " allow-anonymous=true",
        "p=127.0.0.1:1 client-ids=%u* | : p: vmqtt.gateway.client-ids: '%u*' needs something between %u and *,"
            + " which no user name has in it",
        "p=127.0.0.1:65536         | : p: port: '65536' is not a port, 0 to 65535",
        "P=127.0.0.1:1             | : P: a listener's name has 1 to 64 characters of a-z0-9-_, not 'P'",
        "p=127.0.0.1:1 event-loops=2 | : p: 'event-loops' cannot be set for a listener",
        "p=127.0.0.1:1 max-filters | : p: max-filters: 'max-filters' is not a number from 0 to 999999999",
        "p=127.0.0.1:1 namespace=  | : p: 'namespace' has no value",
        "p=127.0.0.1:1 namespace=A | : p: a namespace has 1 to 64 characters of a-z0-9-_, not 'A'",
        "p=127.0.0.1:1 max-filters=0 | : p: max-filters must be at least 1, not 0",
        "p=127.0.0.1:1 max-filters=1 max-filters=2 | : p: 'max-filters' is there twice",
        "p=127.0.0.1:1 transport=udp | : p: transport: 'udp' is not one of TCP, TLS, WS, WSS, QUIC",
        "p=127.0.0.1:1 key=k      | : p: 'key' is for transport=tls, wss or quic",
        "p=127.0.0.1:1 transport=tcp client-ca=k | : p: 'client-ca' is for transport=tls, wss or quic",
        "p=127.0.0.1:1 transport=tls key=k | : p: transport=tls needs certificate=FILE and key=FILE,"
            + " or as many of one as of the other",
        "p=127.0.0.1:1 transport=tls key=k certificate=a,b | : p: transport=tls needs certificate=FILE and"
            + " key=FILE, or as many of one as of the other",
        "p=127.0.0.1:1 transport=tls key= | : p: 'key' has no value",
        "p=127.0.0.1:1 transport=wss key=k | : p: transport=wss needs certificate=FILE and key=FILE,"
            + " or as many of one as of the other",
        "p=127.0.0.1:1 versions=3.1,4 | : p: versions: '4' is not one of 3.1, 3.1.1, 5",
        "p=127.0.0.1:1 proxy-certificate-users=true"
            + " | : p: 'proxy-certificate-users' needs proxy-protocol-from=NETWORK",
        "p=127.0.0.1:1 proxy-protocol-from=10.0.0.0/8 proxy-certificate-users=yes"
            + " | : p: proxy-certificate-users: 'yes' is not true or false",
        "p=127.0.0.1:1 path=/x | : p: 'path' is for transport=ws or wss",
        "p=127.0.0.1:1 transport=quic certificate=c key=k path=/x | : p: 'path' is for transport=ws or wss",
        "p=127.0.0.1:1 transport=quic | : p: transport=quic needs certificate=FILE and key=FILE,"
            + " or as many of one as of the other",
        "p=127.0.0.1:1 transport=quic certificate=c key=k proxy-protocol-from=10.0.0.0/8 |"
            + " : p: 'proxy-protocol-from' is for transport=tcp, tls, ws or wss: proxies do not"
            + " say with QUIC who comes",
        "p=127.0.0.1:1 transport=ws path=x | : p: path: 'x' does not begin with /",
        "p=127.0.0.1:1 proxy-protocol-from=10.0.0.0/33"
            + " | : p: proxy-protocol-from: '10.0.0.0/33' is not a network such as 10.0.0.0/8",
        "p=127.0.0.1:1 proxy-protocol-from=10.0.0.999/8"
            + " | : p: proxy-protocol-from: '10.0.0.999/8' is not a network such as 10.0.0.0/8",
        "p=127.0.0.1:1 proxy-protocol-from=::ffff:10.0.0.0/104"
            + " | : p: proxy-protocol-from: '::ffff:10.0.0.0/104' is not a network such as"
            + " 10.0.0.0/8",
        "p=127.0.0.1:1 proxy-protocol-from=fd00:::1/8"
            + " | : p: proxy-protocol-from: 'fd00:::1/8' is not a network such as 10.0.0.0/8",
        "p=nobody.invalid:1 | : p: host: others can reach nobody.invalid, and nothing says who may"
            + " come in: give --passwords FILE, or let everybody in on purpose with"
            + " --allow-anonymous",
        "p=127.0.0.1:1 proxy-protocol-from=host/8"
            + " | : p: proxy-protocol-from: 'host/8' is not a network such as 10.0.0.0/8",
        "p=127.0.0.1:1 transport=tls key=k certificate=c client-certificates=some"
            + " | : p: client-certificates: 'some' is not one of NONE, OPTIONAL, REQUIRED",
        "p=127.0.0.1:1 transport=tls key=k certificate=c client-certificates=optional"
            + " | : p: client-ca=FILE and client-certificates=optional or required need one another",
        "p=127.0.0.1:1 transport=tls key=k certificate=c client-ca=a"
            + " | : p: client-ca=FILE and client-certificates=optional or required need one another",
        "p=127.0.0.1:1 transport=tls key=k certificate=c client-crl=r"
            + " | : p: client-crl=FILE needs client-ca=FILE",
      })
  void listeners_whatCannotBe_saysWhichAndWhy(String text, String complaint) {
    assertEquals(
        "vmqtt.gateway.listeners" + complaint,
        assertThrows(OptionException.class, () -> config(text)).getMessage());
  }

  @Test
  void listeners_nameTakenTwice_refused() {
    assertEquals(
        "vmqtt.gateway.listeners: two listeners are named 'p'",
        assertThrows(IllegalArgumentException.class, () -> config("p=127.0.0.1:1; p=127.0.0.1:2"))
            .getMessage());
  }

  private static GatewayConfig config(String listeners) {
    return GatewayOptions.config(
        OptionValues.of(
            Map.of(GatewayOptions.LISTENERS, listeners, GatewayOptions.RECEIVE_MAXIMUM, "77")));
  }
}
