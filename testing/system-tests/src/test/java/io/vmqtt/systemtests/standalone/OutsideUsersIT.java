package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.message.connect.connack.Mqtt3ConnAckReturnCode;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.sun.net.httpserver.HttpServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFException;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.servers.PostgresProcess;
import io.vmqtt.testkit.servers.RedisProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users whom somebody outside knows, tried with clients that others wrote. */
class OutsideUsersIT {
  private static final Address OUT_OF_REACH = Address.local(FreePorts.next());
  private static final Address DATABASES = Address.local(FreePorts.next());
  private static final Address DIRECTORY = Address.local(FreePorts.next());
  private static final HttpServer SERVICE = service();
  private static final InMemoryDirectoryServer PEOPLE = people();

  /** Of "staple". */
  private static final String HASH =
      "$pbkdf2-sha256$3$AAECAwQFBgcICQoL$aa6FIXq+W4F2OKlYzRdS61DCmcL7EPejq7NOH5tJJqA";

  private static final PostgresProcess POSTGRES = PostgresProcess.start();
  private static final RedisProcess REDIS = RedisProcess.start("--requirepass", "of-redis");

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
          "--allow-anonymous",
          "--http-auth-url",
          "http://127.0.0.1:" + SERVICE.getAddress().getPort() + "/who",
          "--listeners",
          "lost="
              + OUT_OF_REACH
              + " http-auth-url=http://127.0.0.1:"
              + FreePorts.next()
              + "; databases="
              + DATABASES
              + " sql-url="
              + POSTGRES.url()
              + " sql-user="
              + PostgresProcess.USER
              + " sql-password="
              + secret(PostgresProcess.PASSWORD)
              + " redis-url=redis://"
              + REDIS.address()
              + " redis-password="
              + secret("of-redis")
              + "; directory="
              + DIRECTORY
              + " ldap-url=ldap://127.0.0.1:"
              + PEOPLE.getListenPort()
              + " ldap-user-dn=uid=%u,dc=example");

  /** Lets in the user anna, and does not know any other. */
  private static HttpServer service() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/who",
          exchange -> {
            String asked =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean right = asked.contains("\"user_name\":\"anna\",\"password\":\"staple\"");
            exchange.sendResponseHeaders(right ? 204 : 404, -1);
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException("no service", e);
    }
  }

  /** Has the user dora. */
  private static InMemoryDirectoryServer people() {
    try {
      InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example");
      config.setSchema(null);
      config.setListenerConfigs(
          InMemoryListenerConfig.createLDAPConfig(
              "here", InetAddress.getLoopbackAddress(), 0, null));
      InMemoryDirectoryServer server = new InMemoryDirectoryServer(config);
      server.add("dn: dc=example", "objectClass: domain", "dc: example");
      server.add(
          "dn: uid=dora,dc=example", "objectClass: account", "uid: dora", "userPassword: staple");
      server.startListening();
      return server;
    } catch (LDAPException | LDIFException e) {
      throw new IllegalStateException("no directory", e);
    }
  }

  private static Path secret(String text) {
    try {
      Path file = Files.createTempFile("secret", "");
      file.toFile().deleteOnExit();
      return Files.writeString(file, text + "\n");
    } catch (IOException e) {
      throw new IllegalStateException("no file for a secret", e);
    }
  }

  @AfterAll
  static void stop() {
    SERVICE.stop(0);
    PEOPLE.close();
    POSTGRES.close();
    REDIS.close();
  }

  /** The service does not know them. */
  @Test
  void connect_databasesKnowTheUser_isLetIn() {
    POSTGRES.run(
        "CREATE TABLE mqtt_users (user_name text, password_hash text, disabled boolean);"
            + " INSERT INTO mqtt_users VALUES ('bert', '"
            + HASH
            + "', false), ('idle', '"
            + HASH
            + "', true)");
    assertEquals(
        ":1", REDIS.ask(List.of("AUTH of-redis", "HSET vmqtt:user:cora password " + HASH)));

    client(DATABASES, "anna", "staple").disconnect();
    client(DATABASES, "bert", "staple").disconnect();
    client(DATABASES, "cora", "staple").disconnect();
    for (String user : List.of("bert", "cora", "dora")) {
      assertEquals(
          Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD, refusal(DATABASES, user, "horse"));
    }
    assertEquals(
        Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD, refusal(DATABASES, "idle", "staple"));
  }

  @Test
  void connect_directoryKnowsTheUser_isLetIn() {
    client(DIRECTORY, "dora", "staple").disconnect();
    assertEquals(
        Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD, refusal(DIRECTORY, "dora", "horse"));
  }

  @Test
  void connect_serviceKnowsTheUser_isLetIn() {
    client(broker.mqtt(), "anna", "staple").disconnect();
  }

  @Test
  void connect_serviceDoesNot_isRefused() {
    assertEquals(
        Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD, refusal(broker.mqtt(), "anna", "horse"));
  }

  @Test
  void connect_serviceIsOutOfReach_serverIsUnavailableAndThatIsCounted() {
    for (int i = 0; i < 7; i++) {
      assertEquals(
          Mqtt5ConnAckReasonCode.SERVER_UNAVAILABLE, refusal(OUT_OF_REACH, "anna", "staple"));
    }
    assertEquals(Mqtt3ConnAckReturnCode.SERVER_UNAVAILABLE, refusal3(OUT_OF_REACH, "staple"));

    String metrics = HttpProbe.get(broker.http(), "/prometheus");
    assertTrue(
        metrics.contains("vmqtt_gateway_outside_failed_total{method=\"http\",reason=\"failed\"} 5"),
        metrics);
    assertTrue(
        metrics.contains("vmqtt_gateway_outside_refused_total{method=\"http\",reason=\"down\"} 3"),
        metrics);
  }

  private static Mqtt5ConnAckReasonCode refusal(Address listener, String user, String password) {
    return assertThrows(
            Mqtt5ConnAckException.class, () -> client(listener, user, password).disconnect())
        .getMqttMessage()
        .getReasonCode();
  }

  private static Mqtt5BlockingClient client(Address listener, String user, String password) {
    Mqtt5BlockingClient client =
        Mqtt5Client.builder()
            .serverHost(listener.host())
            .serverPort(listener.port())
            .simpleAuth()
            .username(user)
            .password(password.getBytes(StandardCharsets.UTF_8))
            .applySimpleAuth()
            .buildBlocking();
    client.connect();
    return client;
  }

  private static Mqtt3ConnAckReturnCode refusal3(Address listener, String password) {
    return assertThrows(
            Mqtt3ConnAckException.class,
            () ->
                Mqtt3Client.builder()
                    .serverHost(listener.host())
                    .serverPort(listener.port())
                    .simpleAuth()
                    .username("anna")
                    .password(password.getBytes(StandardCharsets.UTF_8))
                    .applySimpleAuth()
                    .buildBlocking()
                    .connect())
        .getMqttMessage()
        .getReturnCode();
  }
}
